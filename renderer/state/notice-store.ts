/** Short messages at the window's corner: what was done, what failed, what runs in the background. */

import { makeStore, type ReadonlyStore } from './store.ts';

export type NoticeTone = 'info' | 'amber' | 'red';

export interface Notice {
  readonly id: number;
  readonly tone: NoticeTone;
  readonly text: string;
  /** 0 to 1 while something runs. */
  readonly progress?: number;
  cancel?(): void;
}

export type NoticeContent = Omit<Notice, 'id'>;

export interface NoticeStore extends ReadonlyStore<{ readonly notices: readonly Notice[] }> {
  /** Shows a notice and returns its id. One without progress and not red leaves by itself. */
  show(content: NoticeContent): number;
  update(id: number, content: NoticeContent): void;
  dismiss(id: number): void;
}

const STAY_MS = 4000;

export function makeNoticeStore(): NoticeStore {
  const store = makeStore<{ readonly notices: readonly Notice[] }>({ notices: [] });
  let nextId = 1;

  function dismiss(id: number): void {
    store.set({ notices: store.get().notices.filter((notice) => notice.id !== id) });
  }

  function leaveLater(notice: Notice): void {
    if (notice.tone === 'red' || notice.progress !== undefined) return;
    setTimeout(() => {
      // An update has put another object in its place: that one leaves by its own time.
      if (store.get().notices.includes(notice)) dismiss(notice.id);
    }, STAY_MS);
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    dismiss,
    show: (content) => {
      const notice = { ...content, id: nextId++ };
      store.set({ notices: [...store.get().notices, notice] });
      leaveLater(notice);
      return notice.id;
    },
    update: (id, content) => {
      const notice = { ...content, id };
      store.set({ notices: store.get().notices.map((old) => (old.id === id ? notice : old)) });
      leaveLater(notice);
    },
  };
}
