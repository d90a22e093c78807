import type { ProjectView } from '@/rpc/contract'
import { type Loadable, loading, settle } from './loadable'
import { patchSlice, type SliceContext } from './state'

export interface ProjectState {
  project: Loadable<ProjectView>
}

export const initialProject: ProjectState = { project: loading }

export interface ProjectActions {
  refreshProject(): Promise<void>
}

export function createProjectActions({ api, store }: SliceContext): ProjectActions {
  return {
    async refreshProject() {
      patchSlice(store, 'project', { project: await settle(api.project()) })
    },
  }
}
