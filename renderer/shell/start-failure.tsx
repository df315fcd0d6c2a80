/** What the page shows when it cannot reach its host: the reason, and a way to try again. */

import { Unplug } from 'lucide-react';
import { EmptyState } from '../components/empty-state.tsx';

export function StartFailure({ text, again }: { readonly text: string; readonly again: string }) {
  return <EmptyState icon={Unplug} text={text} action={{ title: again, run: () => window.location.reload() }} />;
}
