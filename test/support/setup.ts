import "reflect-metadata";
import "./counted-attacks.js";
import "./watched-run.js";
