import { formatBytes } from '@/domain/format/units'
import { useGoldsmith } from '@/views/store-context'
import classes from './shell.module.css'

/** Where the data is: here, and how much of it. */
export function StorageNote() {
  const resources = useGoldsmith((state) => state.engine.resources)
  const persistent = useGoldsmith((state) =>
    state.engine.info.status === 'ready' ? state.engine.info.value.persistent : true,
  )
  return (
    <div className={classes.foot}>
      Everything stays in this browser.
      {!persistent && ' It gives no private storage, so Gold lasts as long as this page.'}
      {resources?.storageBytes != null && (
        <div className="num">
          {formatBytes(resources.storageBytes)} stored
          {resources.storageQuotaBytes !== null &&
            ` · ${formatBytes(Math.max(0, resources.storageQuotaBytes - resources.storageBytes))} free`}
        </div>
      )}
    </div>
  )
}
