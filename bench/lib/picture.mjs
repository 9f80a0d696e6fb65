/** Shapes of the picture, in pixels. */
const WIDTH = 960;
const MARGIN = 24;
const GAP = 32;
const PANEL_WIDTH = (WIDTH - 2 * MARGIN - GAP) / 2;
const NAME_WIDTH = 120;
const VALUE_WIDTH = 104;
const BAR_HEIGHT = 16;
const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 84;
const TITLE_HEIGHT = 48;

/** What every kind of this server is called at first. */
const OWN = "cardgraph";
/** Those that others are compared with. */
const COMPARED = [OWN, `${OWN} x1`];

const STYLE = `
  .page { fill: #ffffff; }
  .text { fill: #1f2328; }
  .quiet { fill: #59636e; }
  .own { fill: #1a7f37; }
  .other { fill: #8c959f; }
  text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; }
  .title { font-size: 19px; font-weight: 600; }
  .panel { font-size: 14px; font-weight: 600; }
  .value { font-variant-numeric: tabular-nums; }
  .strong { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; }
    .text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .own { fill: #3fb950; }
    .other { fill: #6e7681; }
  }`;

/** What a workload's bars show: the number that its goal is about. */
const measures = {
  cpu: {
    says: "CPU of the server per request, µs",
    of: ({ cpuUs }) => cpuUs.median,
    write: (us) => `${Math.round(us)}`,
  },
  p99: { says: "p99 of the other requests, ms", of: ({ p99Ms }) => p99Ms.median, write: (ms) => ms.toFixed(1) },
};

/**
 * Draws the results of a whole run as a picture (SVG), legible in the light and in the dark: a group of bars for each
 * workload, a bar for each server on PostgreSQL. The embedded database's CPU is part of its server's, so that one would
 * stand beside the others as if it were like them.
 * @param {{ results: readonly any[], machine: { node: string, cores: number }, postgres: string, effort: { rounds: number } }}
 *   run As it stands in `results.json`.
 */
export function drawResults({ results, machine, postgres, effort }) {
  const ids = [...new Set(results.map(({ workload }) => workload))].sort();
  const shown = results.filter(({ database }) => database === "postgres");
  const panels = ids.map((id) => shown.filter(({ workload }) => workload === id));
  const rows = Math.max(...panels.map((panel) => panel.length));
  const panelHeight = TITLE_HEIGHT + rows * ROW_HEIGHT + GAP;
  const height = HEAD_HEIGHT + Math.ceil(panels.length / 2) * panelHeight;
  const drawn = panels.map((panel, index) => {
    const x = MARGIN + (index % 2) * (PANEL_WIDTH + GAP);
    const y = HEAD_HEIGHT + Math.floor(index / 2) * panelHeight;
    return `<g transform="translate(${x} ${y})">${drawPanel(panel)}</g>`;
  });
  const about = `Medians of ${effort.rounds} rounds in turn, PostgreSQL ${postgres}, Node ${machine.node.replace("v", "")}, ${machine.cores} cores. Less is better.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>What a request costs, server beside server</title>
<style>${STYLE}
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>
<text class="text title" x="${MARGIN}" y="36">What a request costs, server beside server</text>
<text class="quiet" x="${MARGIN}" y="60">${escapeText(about)}</text>
${drawn.join("\n")}
</svg>
`;
}

function drawPanel(panel) {
  const [{ workload, title, addedP99Ms }] = panel;
  const measure = addedP99Ms ? measures.p99 : measures.cpu;
  const own = panel.find(({ target }) => COMPARED.includes(target));
  const largest = Math.max(...panel.map(measure.of));
  const bars = panel.map((result, index) =>
    drawBar(result, { measure, own, largest, y: TITLE_HEIGHT + index * ROW_HEIGHT }),
  );
  return `
<text class="text panel" y="14">${escapeText(`${workload} ${title}`)}</text>
<text class="quiet" y="33">${escapeText(measure.says)}</text>
${bars.join("\n")}`;
}

function drawBar(result, { measure, own, largest, y }) {
  const value = measure.of(result);
  const room = PANEL_WIDTH - NAME_WIDTH - VALUE_WIDTH;
  const width = Math.max(2, Math.round((value / largest) * room));
  const isOwn = result.target.startsWith(OWN);
  const ratio = own ? `  ${(value / measure.of(own)).toFixed(2)}x` : "";
  const baseline = y + BAR_HEIGHT - 3;
  const weight = isOwn ? " strong" : "";
  return `<text class="text${weight}" y="${baseline}">${escapeText(result.target)}</text>
<rect class="${isOwn ? "own" : "other"}" x="${NAME_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="3"/>
<text class="text value" x="${NAME_WIDTH + width + 8}" y="${baseline}">${measure.write(value)}<tspan class="quiet">${ratio}</tspan></text>`;
}

function escapeText(text) {
  return text.replace(/[<>&"]/g, (character) => `&#${character.codePointAt(0)};`);
}
