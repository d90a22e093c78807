import { Button, Loader } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { formatQuantity } from '@/domain/format/number'
import type { ResultInfo } from '@/store/contract'
import { type Loadable, loading, settle, valueOr } from '@/store/loadable'
import { personalColumns } from '@/store/personal-data'
import { Reading } from './reading'
import { ArrangedRows } from './result-rows'
import { useActions, useGoldsmith } from './store-context'
import classes from './table-rows.module.css'
import { useArranged } from './use-arranged'
import { useVersions } from './use-versions'

/** All rows of a stored table, read in windows; opened again when it changes. */
export function TableRows({ table }: { table: string }) {
  const { openTable } = useActions()
  const open = useCallback((signal: AbortSignal) => openTable(table, signal), [table, openTable])
  return <OpenedRows tables={[table]} label={`Rows of ${table}`} open={open} />
}

interface OpenedRowsProps {
  /** The tables that are read; personal data of the first is masked. */
  tables: string[]
  label: string
  /** Must be the same function as long as the rows are the same. */
  open: (signal: AbortSignal) => Promise<ResultInfo>
  /** What stands in place of a grid without rows. */
  empty?: ReactNode
}

/** Rows that are opened to be read in windows, and closed when they are not shown any more; opened again when the tables change. */
export function OpenedRows({ tables, label, open, empty }: OpenedRowsProps) {
  const { closeResult } = useActions()
  const versions = useVersions(...tables)
  const [result, setResult] = useState<Loadable<ResultInfo>>(loading)

  // biome-ignore lint/correctness/useExhaustiveDependencies: other versions have other rows
  useEffect(() => {
    const controller = new AbortController()
    setResult(loading)
    const opening = settle(open(controller.signal))
    void opening.then((opened) => {
      if (!controller.signal.aborted) setResult(opened)
    })
    return () => {
      controller.abort()
      void opening.then((opened) => {
        if (opened.status === 'ready') closeResult(opened.value.id)
      })
    }
  }, [versions, open, closeResult])

  if (result.status === 'loading') {
    return (
      <div style={{ display: 'grid', placeContent: 'center', justifyItems: 'center', gap: 10, minHeight: 160 }}>
        <Loader size="sm" aria-label={`Opening ${tables.join(', ')}`} />
        <Opening tables={tables} />
      </div>
    )
  }
  if (result.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={result.error} subject={tables.join(', ')} />
      </div>
    )
  }
  if (result.value.rows === 0 && empty !== undefined) return empty
  const [table = ''] = tables
  return (
    <div className={classes.rows}>
      <PersonalData table={table} />
      <MaskedRows table={table} label={label} result={result.value} />
    </div>
  )
}

/** Rows in which personal data of the table is not to be read before the user asks for it. */
function MaskedRows({ table, label, result }: { table: string; label: string; result: ResultInfo }) {
  const personal = usePersonalColumns(table)
  const revealed = useGoldsmith((state) => state.catalog.revealed[table] === true)
  const arranged = useArranged(result)
  return <ArrangedRows label={label} arranged={arranged} first={reasonColumn} masked={revealed ? nothing : personal} />
}

const nothing: ReadonlySet<string> = new Set()

function usePersonalColumns(table: string): ReadonlySet<string> {
  const tables = useGoldsmith((state) => state.catalog.tables)
  return useMemo(() => personalColumns(valueOr(tables, []), table), [tables, table])
}

/** Says what is masked in the rows below, and shows it when asked. */
function PersonalData({ table }: { table: string }) {
  const personal = usePersonalColumns(table)
  const revealed = useGoldsmith((state) => state.catalog.revealed[table] === true)
  const { revealPersonalData } = useActions()
  if (personal.size === 0) return null
  const columns = formatQuantity(personal.size, 'column')
  return (
    <div className={classes.personal}>
      <IconEyeOff size={14} aria-hidden />
      <span>{revealed ? `Personal data in ${columns} is shown.` : `Personal data in ${columns} is masked.`}</span>
      <Button variant="subtle" size="compact-xs" onClick={() => revealPersonalData(table, !revealed)}>
        {revealed ? 'Mask again' : 'Show'}
      </Button>
    </div>
  )
}

/** Why a row is in a quarantine: of its many columns the one to read first. */
const reasonColumn = '_failed_expectations'

function Opening({ tables: names }: { tables: string[] }) {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const opened = valueOr(tables, []).filter(({ name }) => names.includes(name))
  return (
    <output className="muted num">
      <Reading tables={opened} />
    </output>
  )
}
