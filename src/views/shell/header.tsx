import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { IconMoon, IconSun } from '@tabler/icons-react'
import { formatQuantity } from '@/domain/format/number'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import { AsOfPicker } from './as-of-picker'
import { EnginePill } from './engine-pill'
import { Logo } from './logo'
import { PaletteButton } from './palette'
import { RunButton } from './run-button'
import classes from './shell.module.css'

export function Header() {
  const running = useGoldsmith((state) => state.run.update.status !== 'idle')
  return (
    <div className={classes.header}>
      <a className={classes.brand} href={hrefOf({ view: 'sources' })} aria-label="Goldsmith, to the sources">
        <Logo />
        <span className={classes.brandName}>Goldsmith</span>
      </a>
      <Loaded />
      <div className={classes.tools} data-running={running}>
        <PaletteButton />
        <AsOfPicker />
        <EnginePill />
        <ThemeToggle />
        <RunButton />
      </div>
    </div>
  )
}

function Loaded() {
  const name = useGoldsmith((state) =>
    state.project.project.status === 'ready' ? state.project.project.value.name : '',
  )
  const sources = useGoldsmith((state) => state.sources.sources)
  const loaded = valueOr(sources, []).filter((source) => source.status !== 'absent')
  const orders = loaded.find((source) => source.table === 'silver.orders')
  const what =
    loaded.length === 0
      ? 'no data loaded'
      : [...(orders ? [formatQuantity(orders.rows, 'order line')] : []), formatQuantity(loaded.length, 'source')].join(
          ', ',
        )
  return (
    <div className={`${classes.loaded} truncate num`}>
      <b>{name}</b>
      {name !== '' && ' · '}
      {sources.status === 'ready' && what}
    </div>
  )
}

function ThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const system = useColorScheme()
  const dark = (colorScheme === 'auto' ? system : colorScheme) === 'dark'
  const label = dark ? 'Light theme' : 'Dark theme'
  // Going back to what the system says means following it again.
  const next = dark ? 'light' : 'dark'
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={30}
        className={classes.optional ?? ''}
        aria-label={label}
        onClick={() => setColorScheme(next === system ? 'auto' : next)}
      >
        {dark ? <IconSun size={17} stroke={1.6} /> : <IconMoon size={17} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  )
}
