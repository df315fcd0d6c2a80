/** Keeps a fault of one panel from taking the window with it. */

import { Component, type ReactNode } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { useText } from '../state/use-app.ts';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <Fault error={this.state.error} again={() => this.setState({ error: undefined })} />;
  }
}

function Fault({ error, again }: { readonly error: unknown; readonly again: () => void }) {
  const t = useText();
  const reason = error instanceof Error ? error.message : String(error);
  return <EmptyState text={t('error.view', { reason })} action={{ title: t('error.again'), run: again }} />;
}
