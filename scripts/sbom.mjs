// Writes the bill of materials of what ships: npm run sbom [-- file]
import { writeFileSync } from "node:fs";
import { billOfMaterials } from "./bill-of-materials.mjs";

const file = process.argv[2] ?? "sbom.cdx.json";
const bom = billOfMaterials();
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${bom.components.length} packages in ${file} (CycloneDX ${bom.specVersion}).`);
