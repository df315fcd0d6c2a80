/** To the filter bar, and back to all packets. */

import { Filter, FilterX, ListFilter } from 'lucide-react';
import { focusPlace } from '../state/focus-places.ts';
import { defineCommand } from './command.ts';

export const focusFilter = defineCommand({
  id: 'edit.filter',
  title: 'command.filterFocus',
  group: 'edit',
  shortcuts: ['Mod+/'],
  icon: Filter,
  run: () => {
    focusPlace('filter');
  },
});

export const clearFilter = defineCommand({
  id: 'edit.filterClear',
  title: 'command.filterClear',
  group: 'edit',
  icon: FilterX,
  when: (app) => app.filter.get().filter !== '' || app.filter.get().draft !== '',
  async run(app) {
    await app.navigate({ filter: '' });
  },
});

export const namedFilters = defineCommand({
  id: 'edit.filters',
  title: 'command.filters',
  group: 'edit',
  icon: ListFilter,
  run: (app) => app.layout.openDialog('filters'),
});
