import { composeServices } from "@apollo/composition";
import { composeServices as composeServicesByHive } from "@theguild/federation-composition";
import { parse } from "graphql";

/** A subgraph as composition takes it. */
export interface ComposedSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** What came of composition. */
export interface Composed {
  readonly supergraph: string | null;
  /** Errors, each as one line. */
  readonly errors: readonly string[];
  /** What the composer finds odd but takes. */
  readonly hints: readonly string[];
}

function byApollo(subgraphs: readonly ComposedSubgraph[]): Composed {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { supergraphSdl = null, errors = [], hints = [] } = composeServices(services);
  return {
    supergraph: supergraphSdl,
    errors: errors.map(({ message }) => message),
    hints: hints.map((hint) => `${hint.definition.code}: ${hint.message}`),
  };
}

function byHive(subgraphs: readonly ComposedSubgraph[]): Composed {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { supergraphSdl = null, errors = [] } = composeServicesByHive(services);
  return { supergraph: supergraphSdl, errors: errors.map(({ message }) => message), hints: [] };
}

/** Both implementations of composition that there are. */
export const COMPOSERS = { apollo: byApollo, hive: byHive } as const;
