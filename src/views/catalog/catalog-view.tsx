import { Button, Skeleton } from '@mantine/core'
import { IconBooks, IconTable } from '@tabler/icons-react'
import { EmptyState } from '@/components/empty-state'
import { ErrorNotice } from '@/components/error-notice'
import { hrefOf } from '@/store/route'
import { useActions, useGoldsmith } from '@/views/store-context'
import classes from './catalog.module.css'
import { TableDetails } from './table-details'
import { TableTree } from './table-tree'

/** Every table: what it means, what is in it, how it came to be. */
export default function CatalogView() {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const selected = useGoldsmith((state) => (state.route.view === 'catalog' ? state.route.table : null))
  const { refreshTables } = useActions()

  if (tables.status === 'loading') {
    return (
      <div className={classes.view}>
        <div className={classes.tree}>
          {[70, 90, 60, 84, 72, 66].map((width) => (
            <Skeleton key={width} height={14} width={`${width}%`} my={4} />
          ))}
        </div>
        <output className={`${classes.table} muted`}>Starting the engine to read the catalog…</output>
      </div>
    )
  }
  if (tables.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={tables.error}>
          <Button variant="default" size="compact-sm" mt={8} onClick={() => void refreshTables()}>
            Try again
          </Button>
        </ErrorNotice>
      </div>
    )
  }
  if (tables.value.length === 0) {
    return (
      <EmptyState
        icon={<IconBooks size={24} stroke={1.5} />}
        title="No tables yet"
        text="Load Silver files and run the pipeline: every source, Gold table and quarantine is then described here."
      >
        <Button component="a" href={hrefOf({ view: 'sources' })}>
          Load data
        </Button>
      </EmptyState>
    )
  }
  const table = tables.value.find(({ name }) => name === selected)
  return (
    <div className={classes.view} data-selected={table !== undefined}>
      <TableTree tables={tables.value} selected={selected} />
      {table ? (
        <TableDetails key={table.name} table={table} />
      ) : (
        <div className={classes.table}>
          <EmptyState
            icon={<IconTable size={24} stroke={1.5} />}
            title={selected === null ? 'Choose a table' : `There is no table ${selected}`}
            text={
              selected === null
                ? 'Its columns, rows, versions and SQL are shown here.'
                : 'It may not have been built yet, or its source was removed.'
            }
          />
        </div>
      )}
    </div>
  )
}
