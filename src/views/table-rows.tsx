import { Button, Loader } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
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

/** All rows of a stored table, read in windows; opened again when the catalog changes. */
export function TableRows({ table }: { table: string }) {
  const { openTable, closeResult } = useActions()
  const revision = useGoldsmith((state) => state.catalog.revision)
  const [result, setResult] = useState<Loadable<ResultInfo>>(loading)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision of the catalog means other rows
  useEffect(() => {
    const controller = new AbortController()
    setResult(loading)
    const opening = settle(openTable(table, controller.signal))
    void opening.then((opened) => {
      if (!controller.signal.aborted) setResult(opened)
    })
    return () => {
      controller.abort()
      void opening.then((opened) => {
        if (opened.status === 'ready') closeResult(opened.value.id)
      })
    }
  }, [table, revision, openTable, closeResult])

  if (result.status === 'loading') {
    return (
      <div style={{ display: 'grid', placeContent: 'center', justifyItems: 'center', gap: 10, minHeight: 160 }}>
        <Loader size="sm" aria-label={`Opening ${table}`} />
        <Opening table={table} />
      </div>
    )
  }
  if (result.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={result.error} subject={table} />
      </div>
    )
  }
  return (
    <div className={classes.rows}>
      <PersonalData table={table} />
      <MaskedRows table={table} result={result.value} />
    </div>
  )
}

function MaskedRows({ table, result }: { table: string; result: ResultInfo }) {
  const personal = usePersonalColumns(table)
  const revealed = useGoldsmith((state) => state.catalog.revealed[table] === true)
  const arranged = useArranged(result)
  return (
    <ArrangedRows
      label={`Rows of ${table}`}
      arranged={arranged}
      first={reasonColumn}
      masked={revealed ? nothing : personal}
    />
  )
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

function Opening({ table }: { table: string }) {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const opened = useMemo(() => valueOr(tables, []).filter(({ name }) => name === table), [tables, table])
  return (
    <output className="muted num">
      <Reading tables={opened} />
    </output>
  )
}
