import "reflect-metadata";
import "./watched-run.js";
