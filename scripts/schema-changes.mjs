// What clients of the last release would notice of a schema, and what a release owes them: see docs/schema-policy.md.
import { DiffRule, diff } from "@graphql-inspector/core";
import { buildSchema, GraphQLDeprecatedDirective, getDirectiveValues, Kind, parse, visit } from "graphql";

/**
 * A change that clients can notice.
 * @typedef {object} Change
 * @property {string} coordinate What changed, as `Card.balance` or `CardStatus.INIT`.
 * @property {string} message
 */

/**
 * @typedef {object} Comparison
 * @property {readonly Change[]} breaking
 * @property {readonly Change[]} dangerous
 * @property {readonly Change[]} additive
 */

/**
 * Compares two schemas, each as its SDL; directives of a federation need no definition.
 * @param {string} released
 * @param {string} present
 * @returns {Promise<Comparison>}
 */
export async function compareSchemas(released, present) {
  const [before, after] = [released, present].map((sdl) => buildSchema(sdl, { assumeValidSDL: true }));
  const changes = await diff(before, after, [DiffRule.ignoreDescriptionChanges, DiffRule.simplifyChanges]);
  const deprecated = new Set(deprecationsIn(released).map(({ coordinate }) => coordinate));
  const ofLevel = (level) =>
    changes
      .filter(({ criticality }) => criticality.level === level)
      .map(({ type, path, message }) => {
        const coordinate = path ?? type;
        const sudden = /_REMOVED$/.test(type) && level === "BREAKING" && !deprecated.has(coordinate);
        return { coordinate, message: sudden ? `${message} (it was not deprecated in the last release)` : message };
      });
  return { breaking: ofLevel("BREAKING"), dangerous: ofLevel("DANGEROUS"), additive: ofLevel("NON_BREAKING") };
}

/**
 * The breaking changes that the changelog's section of what is not released yet does not name under "Breaking".
 * @param {Comparison} comparison
 * @param {string} changelog
 * @returns {readonly Change[]}
 */
export function unannounced({ breaking }, changelog) {
  const named = new Set([...breakingSection(changelog).matchAll(/`([^`\n]+)`/g)].map(([, coordinate]) => coordinate));
  return breaking.filter(({ coordinate }) => !named.has(coordinate));
}

/** The text below `### Breaking` within `## Unreleased`; empty when there is none. */
function breakingSection(changelog) {
  const unreleased = changelog.split(/^## /m).find((section) => /^\[?unreleased\]?\s*$/im.test(section.split("\n")[0]));
  return unreleased?.split(/^### /m).find((section) => /^breaking\s*$/i.test(section.split("\n")[0])) ?? "";
}

const DEPRECATION = /^Since \d{4}-\d{2}-\d{2}: .*`([A-Za-z_][\w.]*)`/;

/**
 * What is wrong with the deprecations of a schema: each has to say since when, and what there is instead, which has to
 * be there: `Since 2026-11-21: take `lifecycle`.`, with another type's field as `Card.lifecycle`.
 * @param {string} sdl
 * @returns {readonly string[]}
 */
export function deprecationFaults(sdl) {
  const present = new Set(membersOf(sdl).map(({ coordinate }) => coordinate));
  return deprecationsIn(sdl).flatMap(({ coordinate, siblings, reason }) => {
    const [, replacement] = DEPRECATION.exec(reason) ?? [];
    if (!replacement) return [`${coordinate} does not say since when it is deprecated, and what to take instead`];
    const known = present.has(replacement) || present.has(`${siblings}.${replacement}`);
    return known ? [] : [`${coordinate} is to be replaced by ${replacement}, which is not there`];
  });
}

function deprecationsIn(sdl) {
  return membersOf(sdl).flatMap(({ node, ...member }) => {
    const values = getDirectiveValues(GraphQLDeprecatedDirective, node);
    return values ? [{ ...member, reason: String(values.reason) }] : [];
  });
}

/** Fields, arguments, input fields and enum values, each with what its siblings' coordinates begin with. */
function membersOf(sdl) {
  const members = [];
  const way = [];
  const isMember = ({ kind }) =>
    [Kind.FIELD_DEFINITION, Kind.INPUT_VALUE_DEFINITION, Kind.ENUM_VALUE_DEFINITION].includes(kind);
  visit(parse(sdl), {
    enter: (node) => {
      if (!("name" in node) || !/Definition$|Extension$/.test(node.kind)) return;
      const siblings = way.join(".");
      way.push(node.name.value);
      if (isMember(node)) members.push({ coordinate: way.join("."), siblings, node });
    },
    leave: (node) => {
      if ("name" in node && /Definition$|Extension$/.test(node.kind)) way.pop();
    },
  });
  return members;
}
