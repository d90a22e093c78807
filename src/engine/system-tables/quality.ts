import type { UpdateReport } from '@/domain/automation'
import type { DeltaColumn } from '@/domain/delta/schema'
import { toErrorData } from '@/domain/errors'
import type { Dataset, Project } from '@/domain/pipeline/project'
import { type QualityRule, qualityRules } from '@/domain/quality/quality-rules'
import { judgeMeasure, measureSql, type QualityStatus } from '@/domain/quality/quality-sql'
import { quoteName, quoteText } from '@/domain/sql/quote'
import { appendRows, type SystemTableContext } from './system-table'

const QUALITY = 'pipeline.quality'

const COLUMNS: readonly DeltaColumn[] = [
  column('update_id', 'VARCHAR', 'The update after which the rule was evaluated'),
  column('evaluated_at', 'TIMESTAMP', 'When, UTC'),
  column('as_of', 'DATE', 'Business date of the update'),
  column('dataset', 'VARCHAR', 'The table'),
  column('version', 'BIGINT', 'The version of the table that was looked at'),
  column('rule', 'VARCHAR', 'The property that declares the rule, without quality.'),
  column('column_name', 'VARCHAR', 'The column that the rule is about; NULL for the whole table'),
  column('expected', 'VARCHAR', 'What the rule asks for, as written'),
  column(
    'measured',
    'DOUBLE',
    'Percentage, hours, rows, or how many values break the rule; NULL when nothing could be judged',
  ),
  column('status', 'VARCHAR', 'pass, fail or unknown; an empty table is unknown, but for its row count'),
  column('message', 'VARCHAR', 'Why a rule could not be evaluated; NULL when it could'),
]

interface Outcome {
  dataset: string
  version: number
  rule: QualityRule
  measured: number | null
  status: QualityStatus
  message: string | null
}

/**
 * Evaluates the quality rules of the tables that an update has written, each in one pass over its table, and appends what came
 * out to `pipeline.quality`. Like the event log, it never makes a committed update look failed.
 */
export async function recordQuality(
  context: SystemTableContext,
  project: Project,
  report: UpdateReport,
): Promise<void> {
  const written = new Set(
    report.datasets.filter(({ status, version }) => status === 'completed' && version !== null).map(({ name }) => name),
  )
  const outcomes: Outcome[] = []
  for (const dataset of project.datasets) {
    const { rules } = qualityRules(dataset)
    if (rules.length > 0 && written.has(dataset.name))
      outcomes.push(...(await evaluate(context, dataset, rules, report.asOf)))
  }
  if (outcomes.length === 0) return
  const definition = {
    name: QUALITY,
    description: 'What the quality rules of the tables found after every update that wrote them.',
    columns: [...COLUMNS],
    partitionColumns: [],
    properties: { grain: 'one row an update, table and rule' },
  }
  try {
    await appendRows(context, definition, rowsSql(outcomes, report, context.clock.now()))
  } catch (error) {
    if (!toErrorData(error).code.startsWith('storage.')) throw error
  }
}

async function evaluate(
  { lakehouse, gold }: SystemTableContext,
  { name }: Dataset,
  rules: readonly QualityRule[],
  asOf: string,
): Promise<Outcome[]> {
  const table = gold.tables.get(name)
  if (table === undefined) return []
  const measure = async (judged: readonly QualityRule[]): Promise<(number | null)[]> => {
    const expressions = judged.map((rule) => measureSql(rule, table.columns, asOf))
    const row = await gold.using([name], () =>
      lakehouse.row(`SELECT ${expressions.join(', ')} FROM ${quoteName(name)}`),
    )
    return row.map((value) => (value === null ? null : Number(value)))
  }
  const outcome = (rule: QualityRule, measured: number | null): Outcome => {
    const status = judgeMeasure(rule, measured, table.rows)
    return { dataset: name, version: table.snapshot.version, rule, measured, status, message: null }
  }
  try {
    const measured = await measure(rules)
    return rules.map((rule, index) => outcome(rule, measured[index] ?? null))
  } catch {
    // One rule that does not fit its column (a minimum that is no number) must not hide what the others find.
    return Promise.all(
      rules.map(async (rule): Promise<Outcome> => {
        try {
          const [measured = null] = await measure([rule])
          return outcome(rule, measured)
        } catch (error) {
          return { ...outcome(rule, null), status: 'unknown', message: toErrorData(error).message }
        }
      }),
    )
  }
}

function rowsSql(outcomes: readonly Outcome[], { updateId, asOf }: UpdateReport, now: number): string {
  const rows = outcomes.map(({ dataset, version, rule, measured, status, message }) => {
    const values = [
      quoteText(updateId),
      `make_timestamp(${BigInt(now) * 1000n})`,
      quoteText(asOf),
      quoteText(dataset),
      String(version),
      quoteText(rule.name),
      quoteText(rule.column),
      quoteText(rule.expected),
      measured === null || !Number.isFinite(measured) ? 'NULL' : String(measured),
      quoteText(status),
      quoteText(message),
    ]
    return `(${values.map((value, at) => `CAST(${value} AS ${COLUMNS[at]?.type ?? 'VARCHAR'})`).join(', ')})`
  })
  return `SELECT * FROM (VALUES ${rows.join(',\n')}) AS outcomes(${COLUMNS.map(({ name }) => quoteName(name)).join(', ')})`
}

function column(name: string, type: string, comment: string): DeltaColumn {
  return { name, type, nullable: true, comment, generationExpression: null }
}
