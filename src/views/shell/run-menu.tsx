import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useActions, useGoldsmith } from '@/views/store-context'
import { runKinds } from './run-kinds'
import classes from './shell.module.css'

/** The other ways to run, beside Run. */
export function RunMenu({ disabled }: { disabled: boolean }) {
  const route = useGoldsmith((state) => state.route)
  const { runPipeline, navigate } = useActions()
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button className={classes.runMore} aria-label="Other ways to run" disabled={disabled}>
          <IconChevronDown size={14} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {runKinds(route).map(({ id, label, description, options }) => (
          <Menu.Item
            key={id}
            onClick={() => {
              // Where a plan and what was built are told.
              if (route.view !== 'pipeline') navigate({ view: 'pipeline', dataset: null })
              void runPipeline(options)
            }}
          >
            <div className="truncate">{label}</div>
            <div className="muted">{description}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
