/**
 * @typedef {{ load: number, build: number, export: number, peakBytes: number }} NativeTimes milliseconds, bytes
 * @typedef {import('./browser.mjs').Measured} Measured
 */

/**
 * The results as Markdown: ratios first, since absolute times belong to one machine on one day.
 *
 * @param {object} results
 * @param {{ title: string, browser: Measured, compressed: NativeTimes, plain: NativeTimes }[]} results.compared
 * @param {{ rows: number, browser: Measured }[]} results.curve
 * @param {string} results.cpu
 * @param {number} results.cores
 */
export function report({ compared, curve, cpu, cores }) {
  const lines = [
    '# Benchmark results',
    '',
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cores} × ${cpu}, ${compared[0]?.browser.threads ?? cores} threads on both sides.`,
    '',
    'The page runs in headless Chromium on DuckDB-WASM; native DuckDB is the same version and replays the very statements that',
    'the page ran in its build phases. *Load* is Silver Parquet to tables (natively `CREATE TABLE AS SELECT … FROM read_parquet`',
    'over the same columns), *build* the tables of the retail pipeline with their expectations and quarantine, *export* zstd Parquet (in the',
    'page: reading the rows, encoding, writing, reading back and committing, then packing the zip; natively `COPY`). The page',
    'encodes what is built of a large table while the rest is built: the time in which its engine reads rows for that counts as',
    'export, and the rest as build, although both cores are then busy with both. The page keeps tables compressed in memory; native',
    'times are given for compressed tables, the like of the page’s, and for plain ones.',
    '',
  ]
  for (const { title, browser, compressed, plain } of compared) {
    const exported = browser.read + browser.store + browser.zip
    lines.push(
      `## ${title}`,
      '',
      '| stage | page | native, compressed | ratio | native, plain | ratio |',
      '|---|---:|---:|---:|---:|---:|',
      row('load', browser.load, compressed.load, plain.load),
      row('build', browser.build, compressed.build, plain.build),
      row('export', exported, compressed.export, plain.export),
      row('all', browser.load + browser.build + exported, sum(compressed), sum(plain)),
      `| peak memory | DuckDB ${megabytes(browser.duckdbPeakBytes)}, process ${megabytes(browser.processPeakBytes)} | process ${megabytes(compressed.peakBytes)} | | process ${megabytes(plain.peakBytes)} | |`,
      '',
      `Longest task on the page’s main thread meanwhile: ${browser.longestTask === 0 ? 'none of 50 ms or more' : `${Math.round(browser.longestTask)} ms`}. Rows: ${browser.datasets.map(({ name, rows: written }) => `${name} ${count(written)}`).join(', ')}.`,
      '',
      ...refreshLines(browser),
    )
  }
  if (curve.length > 0) {
    lines.push(
      '## How time and memory grow, all tables',
      '',
      '| order lines | load | build | export | all | per million lines | DuckDB peak | process peak |',
      '|---:|---:|---:|---:|---:|---:|---:|---:|',
      ...curve.map(({ rows, browser }) => {
        const exported = browser.read + browser.store + browser.zip
        const all = browser.load + browser.build + exported
        const cells = [browser.load, browser.build, exported, all, (all / rows) * 1_000_000].map(seconds)
        return `| ${count(rows)} | ${cells.join(' | ')} | ${megabytes(browser.duckdbPeakBytes)} | ${megabytes(browser.processPeakBytes)} |`
      }),
      '',
    )
  }
  return lines.join('\n')
}

/**
 * What a run with 1 % of the order lines changed takes, next to the full run before it.
 *
 * @param {import('./browser.mjs').Measured} browser
 */
function refreshLines({ datasets, refresh }) {
  if (refresh === null) return []
  return [
    'Then 1 % of the order lines changed, nine tenths of them in the last 7 days and the rest over the 3 months before. The newer',
    `file took ${seconds(refresh.load)} to load and compare with the one before, the run ${seconds(refresh.run)}:`,
    '',
    '| dataset | plan | rows written | full, with storage | refreshed, with storage | share |',
    '|---|---|---:|---:|---:|---:|',
    ...datasets.map(({ name, durationMs }) => {
      const now = refresh.datasets.find((dataset) => dataset.name === name)
      const took = now?.durationMs ?? 0
      return `| ${name} | ${now?.plan} | ${count(now?.rowsUpserted ?? 0)} | ${seconds(durationMs)} | ${seconds(took)} | ${((100 * took) / durationMs).toFixed(0)} % |`
    }),
    '',
  ]
}

/** @param {string} stage @param {number} page @param {number} compressed @param {number} plain */
function row(stage, page, compressed, plain) {
  return `| ${stage} | ${seconds(page)} | ${seconds(compressed)} | ${(page / compressed).toFixed(2)} | ${seconds(plain)} | ${(page / plain).toFixed(2)} |`
}

/** @param {NativeTimes} times */
function sum(times) {
  return times.load + times.build + times.export
}

/** @param {number} value */
function count(value) {
  return value.toLocaleString('en')
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
}
