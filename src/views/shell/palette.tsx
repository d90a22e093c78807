import { useMantineColorScheme } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight'
import { IconHierarchy3, IconMoon, IconPlayerPlay, IconSearch, IconSun, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import { KindIcon, kindLabel } from '@/components/kind-icon'
import { valueOr } from '@/store/loadable'
import { canRun } from '@/store/run'
import { useActions, useGoldsmith } from '@/views/store-context'
import { usePlaces } from './places'
import classes from './shell.module.css'

/** Opens the palette. */
export function PaletteButton() {
  return (
    <button type="button" className={`${classes.pill} ${classes.search}`} onClick={spotlight.open}>
      <IconSearch size={14} stroke={1.8} aria-hidden />
      Search
      <kbd aria-hidden>Ctrl K</kbd>
    </button>
  )
}

/** Ctrl/Cmd-K: every view, table, dataset and act, by a part of its name. */
export function Palette() {
  const groups = [useActs(), usePlaceActions(), useTableActions(), useDatasetActions()]
  return (
    <Spotlight
      actions={groups.filter(({ actions }) => actions.length > 0)}
      shortcut="mod + K"
      // Also from a text field and the editor: nothing else answers these keys there.
      tagsToIgnore={[]}
      triggerOnContentEditable
      scrollable
      attributes={{ content: { 'aria-label': 'Search' } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      classNames={{ action: classes.paletteAction ?? '', actionSection: classes.paletteIcon ?? '' }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      maxHeight={420}
      nothingFound="Nothing is named like this."
      searchProps={{
        leftSection: <IconSearch size={17} stroke={1.6} />,
        placeholder: 'Go to a view, table or dataset; run',
        'aria-label': 'Search views, tables and actions',
      }}
      transitionProps={{ duration: 0 }}
    />
  )
}

function useActs(): SpotlightActionGroupData {
  const { runPipeline, cancelRun, navigate } = useActions()
  const running = useGoldsmith((state) => state.run.update.status !== 'idle')
  const runnable = useGoldsmith(canRun)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const system = useColorScheme()
  const dark = (colorScheme === 'auto' ? system : colorScheme) === 'dark'
  const next = dark ? 'light' : 'dark'
  return {
    group: 'Actions',
    actions: [
      ...(running
        ? [{ id: 'cancel', label: 'Cancel the update', leftSection: <IconX size={16} />, onClick: cancelRun }]
        : []),
      ...(runnable && !running
        ? [
            {
              id: 'run',
              label: 'Run the pipeline',
              leftSection: <IconPlayerPlay size={16} />,
              onClick: () => {
                navigate({ view: 'pipeline', dataset: null })
                void runPipeline()
              },
            },
          ]
        : []),
      {
        id: 'theme',
        label: dark ? 'Light theme' : 'Dark theme',
        leftSection: dark ? <IconSun size={16} /> : <IconMoon size={16} />,
        // Going back to what the system says means following it again.
        onClick: () => setColorScheme(next === system ? 'auto' : next),
      },
    ],
  }
}

function usePlaceActions(): SpotlightActionGroupData {
  const { navigate } = useActions()
  const places = usePlaces()
  return {
    group: 'Views',
    actions: places.map(({ label, icon: Icon, route }) => ({
      id: `view ${label}`,
      label: label === 'Dashboards' ? 'Dashboards: Revenue' : label,
      leftSection: <Icon size={16} stroke={1.6} />,
      onClick: () => navigate(route),
    })),
  }
}

function useTableActions(): SpotlightActionGroupData {
  const { navigate } = useActions()
  const tables = useGoldsmith((state) => state.catalog.tables)
  return useMemo(
    () => ({
      group: 'Tables',
      actions: valueOr(tables, []).map(({ name, kind, columns }) => ({
        id: `table ${name}`,
        label: name,
        description: kindLabel(kind),
        keywords: columns.map((column) => column.name),
        leftSection: <KindIcon kind={kind} size={16} />,
        onClick: () => navigate({ view: 'catalog', table: name, tab: 'columns' }),
      })),
    }),
    [tables, navigate],
  )
}

function useDatasetActions(): SpotlightActionGroupData {
  const { navigate } = useActions()
  const project = useGoldsmith((state) => state.project.project)
  return useMemo(
    () => ({
      group: 'Pipeline',
      actions: (project.status === 'ready' ? project.value.datasets : []).map(({ name, file }) => ({
        id: `dataset ${name}`,
        label: name,
        description: file,
        leftSection: <IconHierarchy3 size={16} />,
        onClick: () => navigate({ view: 'pipeline', dataset: name }),
      })),
    }),
    [project, navigate],
  )
}
