import { Button, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconEyeOff } from '@tabler/icons-react'
import { ErrorNotice } from '@/components/error-notice'
import { PlainTable } from '@/components/plain-table'
import { Tag } from '@/components/tag'
import { type VirtualColumn, VirtualTable } from '@/components/virtual-table'
import type { TableInfo } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import type { Loadable } from '@/store/loadable'
import type { TableProfile } from '@/store/table-profile'
import { useActions, useGoldsmith } from '@/views/store-context'
import classes from './catalog.module.css'
import { Distinct, Distribution, type ProfileCellProps, Share, ValueBound } from './profile-cells'
import { listOf, type TableColumn } from './table-columns'
import { useProfile } from './use-profile'

interface ColumnsProps {
  table: TableInfo
  columns: Loadable<TableColumn[]>
  columnKey: string[]
}

/** The columns of a table: what they mean, and what is in them; on a narrow screen one under the other. */
export function Columns({ table, columns, columnKey }: ColumnsProps) {
  const narrow = useMediaQuery('(max-width: 600px)', false, { getInitialValueInEffect: false })
  const revealed = useGoldsmith((state) => state.catalog.revealed[table.name] === true)
  const { revealPersonalData } = useActions()
  const { profile, profileNow } = useProfile(table)
  const contract = listOf(table.properties.public_contract)
  if (columns.status === 'loading') {
    return (
      <p className="muted" style={{ padding: 16 }}>
        Reading the tables behind {table.name} for its columns…
      </p>
    )
  }
  if (columns.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={columns.error} subject={table.name} />
      </div>
    )
  }
  const name = (column: TableColumn) => (
    <b className="mono" title={column.name}>
      {column.name}
    </b>
  )
  const type = (column: TableColumn) => (
    <span className="mono muted" title={column.type}>
      {column.type}
    </span>
  )
  const meaning = (column: TableColumn) => (
    <span className="muted" title={column.comment ?? undefined}>
      {column.comment}
    </span>
  )
  const flags = (column: TableColumn) => (
    <span className={classes.flags}>
      {columnKey.includes(column.name) && <Tag>key</Tag>}
      {column.pii && <Tag tone="error">PII</Tag>}
      {contract.includes(column.name) && <Tag tone="gold">contract</Tag>}
      {!column.nullable && !columnKey.includes(column.name) && <Tag>not null</Tag>}
    </span>
  )
  const ofProfile = (column: TableColumn): ProfileCellProps => ({
    column,
    profile: profile?.columns[column.name] ?? null,
    masked: column.pii && !revealed,
    waiting: profile?.status === 'running',
  })
  const wide: VirtualColumn<TableColumn>[] = [
    { id: 'name', title: 'Column', width: 'minmax(140px, 1.2fr)', cell: name },
    { id: 'type', title: 'Type', width: '118px', cell: type },
    { id: 'flags', title: 'Role', width: 'minmax(122px, 0.5fr)', cell: flags },
    { id: 'comment', title: 'Meaning', width: 'minmax(130px, 2fr)', cell: meaning },
    { id: 'nulls', title: 'NULL', width: '72px', right: true, cell: (column) => <Share {...ofProfile(column)} /> },
    {
      id: 'distinct',
      title: 'Different',
      width: '84px',
      right: true,
      cell: (column) => <Distinct {...ofProfile(column)} />,
    },
    {
      id: 'min',
      title: 'Least',
      width: '100px',
      right: true,
      cell: (column) => <ValueBound {...ofProfile(column)} bound="min" />,
    },
    {
      id: 'max',
      title: 'Greatest',
      width: '100px',
      right: true,
      cell: (column) => <ValueBound {...ofProfile(column)} bound="max" />,
    },
    {
      id: 'histogram',
      title: 'Distribution',
      width: '120px',
      cell: (column) => <Distribution {...ofProfile(column)} />,
    },
  ]
  return (
    <div className={classes.columns}>
      <ProfileLine
        table={table}
        profile={profile}
        masked={!revealed && columns.value.some(({ pii }) => pii)}
        onProfile={profileNow}
        onReveal={() => revealPersonalData(table.name, true)}
      />
      {narrow ? (
        <div className={classes.padded}>
          <PlainTable
            label={`Columns of ${table.name}`}
            rows={columns.value}
            rowKey={(column) => column.name}
            columns={[
              {
                id: 'column',
                title: 'Column, type, role, meaning and values',
                cell: (column) => (
                  <>
                    <div className={classes.stacked}>
                      {name(column)} {type(column)} {flags(column)}
                    </div>
                    {meaning(column)}
                    <div className={classes.stackedProfile}>
                      <Distribution {...ofProfile(column)} />
                      <ValueBound {...ofProfile(column)} bound="min" />
                      <ValueBound {...ofProfile(column)} bound="max" />
                    </div>
                  </>
                ),
              },
            ]}
          />
        </div>
      ) : (
        <VirtualTable
          label={`Columns of ${table.name}`}
          columns={wide}
          rows={columns.value}
          rowKey={({ name }) => name}
          minWidth={980}
        />
      )}
    </div>
  )
}

interface ProfileLineProps {
  table: TableInfo
  profile: TableProfile | null
  /** Whether the values of a column are hidden. */
  masked: boolean
  onProfile: () => void
  onReveal: () => void
}

/** How far the values have been read, and what stands in the way. */
function ProfileLine({ table, profile, masked, onProfile, onReveal }: ProfileLineProps) {
  const isRunning = profile?.status === 'running'
  if (profile?.status === 'failed' && profile.error) {
    return (
      <div style={{ padding: 12 }}>
        <ErrorNotice error={profile.error} subject={`What the columns of ${table.name} hold`}>
          <Button variant="default" size="compact-sm" mt={8} onClick={onProfile}>
            Try again
          </Button>
        </ErrorNotice>
      </div>
    )
  }
  if (!isRunning && !masked && profile?.status === 'done') return null
  return (
    <div className={classes.profileLine}>
      {isRunning && (
        <output className="muted num">
          Reading values
          {profile.total !== null &&
            ` · ${Object.keys(profile.columns).length} of ${formatQuantity(profile.total, 'column')}`}
        </output>
      )}
      {profile === null && (
        <Button variant="default" size="compact-sm" onClick={onProfile}>
          Read the view to see what its columns hold
        </Button>
      )}
      {masked && (
        <span className={classes.maskedLine}>
          <IconEyeOff size={14} aria-hidden /> Personal data is masked.
          <Button variant="subtle" size="compact-xs" onClick={onReveal}>
            Show
          </Button>
        </span>
      )}
      {isRunning && <Skeleton height={4} width={60} />}
    </div>
  )
}
