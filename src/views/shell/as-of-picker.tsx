import { ActionIcon, Tooltip } from '@mantine/core'
import { IconRotate } from '@tabler/icons-react'
import { IsoDateInput } from '@/components/iso-date-input'
import type { AsOf } from '@/store/as-of'
import { useActions } from '@/views/store-context'
import { useAsOf } from '@/views/use-as-of'
import classes from './shell.module.css'

/** The business date of runs and dashboards, to read and to change. */
export function AsOfPicker() {
  const asOf = useAsOf()
  const { chooseAsOf } = useActions()
  return (
    <div className={`${classes.pill} ${classes.asOf}`}>
      <Tooltip label={explain(asOf)}>
        <span className={classes.asOfLabel}>
          <span className={classes.optional}>as of</span>
          <IsoDateInput label="Business date (as of)" value={asOf.date} onChange={chooseAsOf} />
        </span>
      </Tooltip>
      {asOf.origin === 'chosen' && (
        <Tooltip label="Follow the data again">
          <ActionIcon size="xs" onClick={() => chooseAsOf(null)} aria-label="Follow the data again">
            <IconRotate size={13} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  )
}

function explain({ origin }: AsOf): string {
  const meaning = 'The business date: models see it as CURRENT_DATE, and “last 90 days” ends on it.'
  switch (origin) {
    case 'chosen':
      return `${meaning} You chose it; it is remembered.`
    case 'data':
      return `${meaning} It follows the data: the last order_date in silver.orders.`
    case 'update':
      return `${meaning} No orders are loaded, so it is that of the update which built the stored Gold.`
    case 'today':
      return `${meaning} No orders are loaded, and no Gold is stored, so it is today in UTC.`
  }
}
