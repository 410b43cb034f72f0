// Checks Kubernetes documents, given on standard input as [{"name", "document"}], and prints what is wrong with them as a JSON array of
// sentences. Twice: by the validators that kubernetes-models makes from the OpenAPI schemas (types, required fields, allowed values), and by
// the TypeScript compiler against the types from the same schemas, which knows a field that the schema does not have.
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

const here = fileURLToPath(new URL(".", import.meta.url));
const packages = {
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};

// No package has Dapr's: dapr.d.ts is written from its documentation, and has no validator beside it.
function schemaOf({ apiVersion, kind }) {
  if (apiVersion === "dapr.io/v1alpha1") return { types: `${here}dapr.d.ts` };
  const path = `node_modules/${packages[apiVersion.split("/")[0]] ?? "kubernetes-models"}/${apiVersion}/${kind}`;
  return existsSync(`${here}${path}.js`)
    ? { types: `${here}${path}.d.ts`, validator: `${here}${path}.js` }
    : undefined;
}

async function wrongValues({ name, document }, { validator }) {
  if (!validator) return [];
  const Model = (await import(pathToFileURL(validator)))[document.kind];
  try {
    new Model(document).validate();
    return [];
  } catch (error) {
    return (error.errors ?? [error]).map((fault) => `${name}: ${fault.instancePath ?? ""} ${fault.message}`);
  }
}

// Each document becomes a constant of its kind's type in a source file of its own, which only the compiler sees.
function unknownFields(known) {
  const sources = new Map(
    known.map(({ name, document, schema }, number) => [
      `${here}document-${number}.ts`,
      {
        name,
        source: `import type { I${document.kind} } from ${JSON.stringify(schema.types.replace(/\.d\.ts$/, ".js"))};\nexport const document: I${document.kind} = ${JSON.stringify(document, null, 1)};\n`,
      },
    ]),
  );
  const options = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path)?.source ?? readFile(path);
  host.getSourceFile = (path, version) =>
    sources.has(path) ? ts.createSourceFile(path, sources.get(path).source, version) : getSourceFile(path, version);
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources].flatMap(([path, { name, source }]) => {
    const lines = source.split("\n");
    return ts.getPreEmitDiagnostics(program, program.getSourceFile(path)).map((fault) => {
      const { line } = ts.getLineAndCharacterOfPosition(fault.file, fault.start);
      return `${name}: ${lines[line].trim()} ${ts.flattenDiagnosticMessageText(fault.messageText, " ")}`;
    });
  });
}

const known = [];
const faults = [];
for (const entry of JSON.parse(await text(process.stdin))) {
  const schema = schemaOf(entry.document);
  if (schema) {
    known.push({ ...entry, schema });
    faults.push(...(await wrongValues(entry, schema)));
  } else {
    faults.push(`${entry.name}: there is no schema for ${entry.document.apiVersion} ${entry.document.kind}`);
  }
}
faults.push(...unknownFields(known));
console.log(JSON.stringify(faults, null, 1));
