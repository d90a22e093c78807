import { IconAlertTriangle, IconCircleCheck, IconScale } from '@tabler/icons-react'
import { useEffect } from 'react'
import { EmptyState } from '@/components/empty-state'
import { Tag } from '@/components/tag'
import { type Decimal, decimalToString } from '@/domain/format/decimal'
import { formatQuantity, groupDigits } from '@/domain/format/number'
import { hrefOf } from '@/store/route'
import { quarantineOf } from '@/store/runs/quarantine'
import { reconciliationTable } from '@/store/runs/queries'
import { type Figure, type Statement, verdicts } from '@/store/runs/reconciliation'
import { useActions, useGoldsmith } from '@/views/store-context'
import { useVersions } from '@/views/use-versions'
import { Loaded } from './loaded'
import classes from './runs.module.css'
import { useTableHref } from './use-tables'

/** Whether every line of Silver is accounted for, and every aggregate adds up to the fact: pipeline.reconciliation, to be read. */
export function Reconciliation() {
  const statement = useGoldsmith((state) => state.runs.reconciliation)
  const versions = useVersions(reconciliationTable)
  const { loadReconciliation } = useActions()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version has other figures
  useEffect(() => void loadReconciliation(), [loadReconciliation, versions])
  return (
    <Loaded value={statement} subject={reconciliationTable} onRetry={() => void loadReconciliation()}>
      {(known) =>
        known === null ? (
          <EmptyState
            icon={<IconScale size={24} stroke={1.5} />}
            title="Nothing to reconcile yet"
            text={`The table ${reconciliationTable} accounts for every line of Silver and holds every aggregate against the fact. No update has built it.`}
          />
        ) : (
          <div className={classes.statement}>
            <Verdict statement={known} />
            <Lines statement={known} />
            {known.totals.length > 0 && <Totals totals={known.totals} />}
          </div>
        )
      }
    </Loaded>
  )
}

function Verdict({ statement }: { statement: Statement }) {
  const { pass, fail, unknown } = verdicts(statement)
  const agrees = fail === 0 && unknown === 0
  const text = [
    `${pass} of ${formatQuantity(pass + fail + unknown, 'figure')} agree${pass === 1 ? 's' : ''}`,
    ...(fail > 0 ? [`${fail} do${fail === 1 ? 'es' : ''} not`] : []),
    ...(unknown > 0 ? [`${unknown} cannot be told`] : []),
  ].join(', ')
  return (
    <p className={classes.verdict}>
      {agrees ? (
        <IconCircleCheck size={18} color="var(--ok)" aria-hidden />
      ) : (
        <IconAlertTriangle size={18} color={fail > 0 ? 'var(--error)' : 'var(--warning)'} aria-hidden />
      )}
      <b>{text}.</b>
    </p>
  )
}

/** From the lines that were loaded to those of the fact, as a sum that is written out. */
function Lines({ statement: { opening, deductions, closing } }: { statement: Statement }) {
  return (
    <table className={classes.ledger} aria-label="Lines from Silver to the fact">
      <thead>
        <tr>
          <th scope="col">From Silver to the fact</th>
          <th scope="col">Table</th>
          <th scope="col">Lines</th>
          <th scope="col">Left</th>
          <th scope="col">Check</th>
        </tr>
      </thead>
      <tbody>
        {opening && (
          <tr>
            <th scope="row">{words(opening.figure)}</th>
            <Table figure={opening} />
            <td>{lines(opening.amount)}</td>
            <td>{lines(opening.amount)}</td>
            <td />
          </tr>
        )}
        {deductions.map(({ figure, left, rules }) => (
          <tr key={figure.step}>
            <th scope="row">
              <span className="muted">less</span> <Deduction figure={figure} rules={rules} fact={closing[0]?.dataset} />
            </th>
            <Table figure={figure} />
            <td>{deducted(figure.amount)}</td>
            <td className="muted">{lines(left)}</td>
            <td />
          </tr>
        ))}
        {closing.map((figure) => (
          <tr key={figure.step} className={classes.total}>
            <th scope="row">{words(figure.figure)}</th>
            <Table figure={figure} />
            <td>{lines(figure.amount)}</td>
            <td>{lines(figure.check?.expected ?? null)}</td>
            <Check figure={figure} print={lines} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Totals({ totals }: { totals: Figure[] }) {
  return (
    <table className={classes.ledger} aria-label="Totals against the fact">
      <thead>
        <tr>
          <th scope="col">Total</th>
          <th scope="col">Table</th>
          <th scope="col">Amount</th>
          <th scope="col">By the fact</th>
          <th scope="col">Check</th>
        </tr>
      </thead>
      <tbody>
        {totals.map((figure) => (
          <tr key={figure.step}>
            <th scope="row">{figure.figure}</th>
            <Table figure={figure} />
            <td>{money(figure.amount)}</td>
            <td className="muted">{money(figure.check?.expected ?? null)}</td>
            <Check figure={figure} print={money} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Table({ figure: { dataset } }: { figure: Figure }) {
  const hrefOfTable = useTableHref()
  return (
    <td>
      <a className="mono" href={hrefOfTable(dataset)}>
        {dataset}
      </a>
    </td>
  )
}

/** Lines that rules hold back lead to the rows; those that failed several to all of them. */
function Deduction({ figure, rules, fact }: { figure: Figure; rules: string[]; fact: string | undefined }) {
  const [rule] = rules
  if (rule === undefined || fact === undefined) return words(figure.figure)
  return (
    <>
      quarantined:{' '}
      <a
        href={hrefOf({
          view: 'runs',
          tab: 'quarantine',
          table: quarantineOf(fact),
          rule: rules.length === 1 ? rule : null,
        })}
      >
        {rules.join(' and ')}
      </a>
    </>
  )
}

function Check({ figure: { check }, print }: { figure: Figure; print: (amount: Decimal | null) => string }) {
  if (check === null) return <td />
  return (
    <td>
      <Tag tone={check.status === 'pass' ? 'ok' : check.status === 'fail' ? 'error' : 'neutral'}>{check.status}</Tag>
      {check.status === 'fail' && <div className={classes.late}>off by {print(check.difference)}</div>}
    </td>
  )
}

/** "silver_lines" → "silver lines" */
function words(figure: string): string {
  return figure.replaceAll('_', ' ')
}

function money(amount: Decimal | null): string {
  return amount === null ? '–' : groupDigits(decimalToString(amount))
}

/** What is taken off, with its sign. */
function deducted(amount: Decimal | null): string {
  return amount === null || amount.units === 0n ? lines(amount) : `−${lines(amount)}`
}

/** Lines are whole, however many decimals their column has. */
function lines(amount: Decimal | null): string {
  return money(amount).replace(/\.0+$/, '')
}
