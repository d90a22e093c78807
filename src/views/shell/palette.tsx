import { Spotlight, type SpotlightActionGroupData, type SpotlightFilterFunction, spotlight } from '@mantine/spotlight'
import { IconColumns3, IconHierarchy3, IconSearch } from '@tabler/icons-react'
import { useEffect, useMemo } from 'react'
import { KindIcon, kindLabel } from '@/components/kind-icon'
import { dashboardTabs } from '@/store/dashboards/dashboards'
import { noFilter } from '@/store/dashboards/filter'
import { valueOr } from '@/store/loadable'
import type { Route } from '@/store/route'
import { placeOfTab, runsTabs } from '@/store/runs/place'
import { runsTabLabels } from '@/views/runs-tabs'
import { useActions, useGoldsmith } from '@/views/store-context'
import { useActs } from './palette-acts'
import { columnGroup, filterPalette } from './palette-filter'
import { usePlaces } from './places'
import classes from './shell.module.css'

/** Opens the palette. */
export function PaletteButton() {
  return (
    <button type="button" className={`${classes.pill} ${classes.search}`} aria-label="Search" onClick={spotlight.open}>
      <IconSearch size={14} stroke={1.8} aria-hidden />
      <span className={classes.searchWord}>Search</span>
      <kbd aria-hidden>Ctrl K</kbd>
    </button>
  )
}

/** Ctrl/Cmd-K: every view, table, column, dataset and act, by a part of its name. */
export function Palette() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      event.stopPropagation()
      spotlight.toggle()
    }
    // Before the focused element: the SQL editor would take the key for the first of two.
    window.addEventListener('keydown', onKeyDown, true)
    return () => window.removeEventListener('keydown', onKeyDown, true)
  }, [])
  const groups = [useActs(), usePlaceActions(), useTableActions(), useDatasetActions(), useColumnActions()]
  return (
    <Spotlight
      actions={groups}
      filter={filterGroups}
      shortcut={null}
      scrollable
      attributes={{ content: { 'aria-label': 'Search' } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      classNames={{ action: classes.paletteAction ?? '', actionSection: classes.paletteIcon ?? '' }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      maxHeight={420}
      nothingFound="Nothing is named like this."
      searchProps={{
        leftSection: <IconSearch size={17} stroke={1.6} />,
        placeholder: 'Go to a view, table, column or dataset; run, load, export',
        'aria-label': 'Search views, tables, columns and actions',
      }}
      transitionProps={{ duration: 0 }}
    />
  )
}

const filterGroups: SpotlightFilterFunction = (query, actions) =>
  filterPalette(
    query,
    actions.filter((group): group is SpotlightActionGroupData => 'actions' in group),
  )

function usePlaceActions(): SpotlightActionGroupData {
  const { navigate } = useActions()
  const places = usePlaces()
  return {
    group: 'Views',
    actions: places.flatMap((place) => actionsOf(place, navigate)),
  }
}

/** Going to a place, and to what it holds. */
function actionsOf(
  { label, icon: Icon, route }: ReturnType<typeof usePlaces>[number],
  navigate: (route: Route) => void,
): SpotlightActionGroupData['actions'] {
  const leftSection = <Icon size={16} stroke={1.6} />
  if (route.view === 'dashboards') {
    return dashboardTabs.map(({ name, title }) => ({
      id: `dashboard ${name}`,
      label: `${label}: ${title}`,
      leftSection,
      onClick: () => navigate({ view: 'dashboards', name, filter: noFilter }),
    }))
  }
  const place = { id: `view ${label}`, label, leftSection, onClick: () => navigate(route) }
  if (route.view !== 'runs') return [place]
  const tabs = runsTabs
    .filter((tab) => tab !== 'updates')
    .map((tab) => ({
      id: `view Runs ${tab}`,
      label: `Runs: ${runsTabLabels[tab]}`,
      leftSection,
      onClick: () => navigate({ view: 'runs', ...placeOfTab(tab) }),
    }))
  return [place, ...tabs]
}

function useTableActions(): SpotlightActionGroupData {
  const { navigate } = useActions()
  const tables = useGoldsmith((state) => state.catalog.tables)
  return useMemo(
    () => ({
      group: 'Tables',
      actions: valueOr(tables, []).map(({ name, kind }) => ({
        id: `table ${name}`,
        label: name,
        description: kindLabel(kind),
        leftSection: <KindIcon kind={kind} size={16} />,
        onClick: () => navigate({ view: 'catalog', table: name, tab: 'columns' }),
      })),
    }),
    [tables, navigate],
  )
}

function useColumnActions(): SpotlightActionGroupData {
  const { navigate } = useActions()
  const tables = useGoldsmith((state) => state.catalog.tables)
  return useMemo(
    () => ({
      group: columnGroup,
      actions: valueOr(tables, []).flatMap(({ name: table, columns }) =>
        columns.map(({ name, type }) => ({
          id: `column ${table} ${name}`,
          label: name,
          description: `${table} · ${type}`,
          leftSection: <IconColumns3 size={16} stroke={1.6} />,
          onClick: () => navigate({ view: 'catalog', table, tab: 'columns' }),
        })),
      ),
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
