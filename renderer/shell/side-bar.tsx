/** The side bar: the panels that have something to show, in four groups; can be narrowed to icons. */

import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { IconButton } from '../components/icon-button.tsx';
import { useApp, useText } from '../state/use-app.ts';
import { useStore } from '../state/use-store.ts';
import { views } from '../views/index.ts';
import { VIEW_GROUPS, type View } from '../views/view.ts';
import css from './side-bar.module.css';

export function SideBar() {
  const app = useApp();
  const t = useText();
  const isCollapsed = useStore(app.layout, (layout) => layout.isSideBarCollapsed);
  const state = useStore(app.session, (session) => session.state);
  const groups = VIEW_GROUPS.map((group) => ({
    group,
    entries: views.filter(
      (view) => view.group === group && (state === null || view.isAvailable === undefined || view.isAvailable(state)),
    ),
  })).filter(({ entries }) => entries.length > 0);
  return (
    <nav
      className={css.bar}
      aria-label={t('panels.label')}
      data-pane="panels"
      data-collapsed={isCollapsed || undefined}
    >
      <div className={css.groups}>
        {groups.map(({ group, entries }) => (
          <section key={group} aria-label={t(`panels.${group}`)}>
            <h2 className={css.heading}>{isCollapsed ? '' : t(`panels.${group}`)}</h2>
            {entries.map((view) => (
              <Entry key={view.id} view={view} isCollapsed={isCollapsed} />
            ))}
          </section>
        ))}
      </div>
      <div className={css.foot}>
        <IconButton
          icon={isCollapsed ? PanelLeftOpen : PanelLeftClose}
          label={t(isCollapsed ? 'sidebar.expand' : 'sidebar.collapse')}
          onPress={() => app.layout.update({ isSideBarCollapsed: !isCollapsed })}
        />
      </div>
    </nav>
  );
}

function Entry({ view, isCollapsed }: { readonly view: View; readonly isCollapsed: boolean }) {
  const app = useApp();
  const t = useText();
  const isCurrent = useStore(app.layout, (layout) => layout.panel === view.id);
  // A sign where something should not be there.
  const unwanted = useStore(app.session, ({ state }) => (view.id === 'hierarchy' ? (state?.unwanted ?? 0) : 0));
  const { icon: Icon } = view;
  return (
    <button
      type="button"
      className={css.entry}
      aria-current={isCurrent ? 'page' : undefined}
      {...(isCurrent ? { 'data-pane-focus': '' } : {})}
      {...(isCollapsed ? { title: t(view.title), 'aria-label': t(view.title) } : {})}
      onClick={() => void app.navigate({ panel: view.id })}
    >
      <Icon aria-hidden />
      {!isCollapsed && <span className={css.title}>{t(view.title)}</span>}
      {unwanted > 0 && (
        <span className={css.badge} title={t('unwanted.badge', { count: unwanted })}>
          {unwanted}
          <span className={css.hidden}>{t('unwanted.badge', { count: unwanted })}</span>
        </span>
      )}
    </button>
  );
}
