// Writes src/messages.ts from the gateway's AsyncAPI document: npm run messages.
// The document is the snapshot that the tests of the contracts keep; test/messages.test.ts finds any difference.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const documentUrl = new URL("../../../tests/ServiceDefaults.Tests/asyncapi.json", import.meta.url);
const outputUrl = new URL("../src/messages.ts", import.meta.url);

/**
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string | string[]} [type]
 * @property {string} [const]
 * @property {string[]} [enum]
 * @property {Schema} [items]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {Schema} [additionalProperties]
 */

/** The text of src/messages.ts. */
export function generate() {
  const document = JSON.parse(readFileSync(documentUrl, "utf8"));
  const { messages, schemas } = document.components;
  const fromServer = messageIds(document, "send");
  const fromClient = messageIds(document, "receive");
  const used = new Set([...fromServer, ...fromClient].flatMap((id) => references(messages[id].payload, schemas)));

  const kinds = new Map();
  for (const id of fromServer) {
    const kind = discriminator(messages[id].payload);
    if (kind) {
      kinds.set(kind, [...(kinds.get(kind) ?? []), nameOf(id)]);
    }
  }

  return [
    "// Generated from the gateway's AsyncAPI document by scripts/messages.js; npm run messages renews it.",
    ...[...used].sort().map((name) => declare(name, schemas[name])),
    ...[...fromServer, ...fromClient].map((id) => declare(nameOf(id), messages[id].payload, messages[id].summary)),
    "/** What the server sends, by its `type`; the flat `book_update` by its `event`. */",
    "export interface MessageMap {",
    ...[...kinds].map(([kind, names]) => `  ${kind}: ${names.join(" | ")};`),
    "}",
    "",
    "/** A message whose type the suite knows. */",
    "export type ServerMessage = MessageMap[keyof MessageMap];",
    "",
    "/** What a client says. */",
    `export type ClientMessage = ${[...fromClient].map(nameOf).join(" | ")};`,
    "",
  ].join("\n");
}

/**
 * The messages of the sockets in one direction, seen from the server.
 * @param {{ operations: Record<string, { action: string, channel: Schema, messages: Schema[] }>, channels: Record<string, { bindings?: { ws?: object } }>, components: { messages: Record<string, { payload: Schema }> } }} document
 * @param {"send" | "receive"} action
 */
function messageIds({ operations, channels, components }, action) {
  const ids = Object.values(operations)
    .filter((operation) => operation.action === action && channels[lastStep(operation.channel)]?.bindings?.ws)
    .flatMap((operation) => operation.messages.map(lastStep));
  return new Set(ids.filter((id) => components.messages[id]?.payload.properties));
}

/**
 * The value of the constant `type` or `event`; none where any type may stand.
 * @param {Schema} schema
 */
function discriminator({ properties }) {
  return (properties?.type ?? properties?.event)?.const;
}

/**
 * The names of all schemas that one needs.
 * @param {Schema | undefined} schema
 * @param {Record<string, Schema>} schemas
 * @returns {string[]}
 */
function references(schema, schemas) {
  if (!schema) return [];
  if (schema.$ref) return [lastStep(schema), ...references(schemas[lastStep(schema)], schemas)];
  return [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties].flatMap((part) =>
    references(part, schemas),
  );
}

/**
 * @param {string} name
 * @param {Schema} schema
 * @param {string} [summary]
 */
function declare(name, schema, summary) {
  const fields = Object.entries(schema.properties ?? {}).map(([field, type]) => {
    const optional = schema.required?.includes(field) ? "" : "?";
    return `  ${field}${optional}: ${typeOf(type)};`;
  });
  return [...(summary ? [`/** ${summary} */`] : []), `export interface ${name} {`, ...fields, "}", ""].join("\n");
}

/**
 * @param {Schema} schema
 * @returns {string}
 */
function typeOf(schema) {
  if (schema.$ref) return lastStep(schema);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `${typeOf(schema.items ?? {})}[]`;
    case "object":
      return `Record<string, ${typeOf(schema.additionalProperties ?? {})}>`;
    case undefined:
      return "unknown";
    default:
      throw new Error(`The document has a type that this script does not know: ${schema.type}`);
  }
}

/** @param {string} id */
function nameOf(id) {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}Message`;
}

/** @param {Schema} reference */
function lastStep({ $ref = "" }) {
  return $ref.slice($ref.lastIndexOf("/") + 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(outputUrl, generate());
}
