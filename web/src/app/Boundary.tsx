import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { useTexts } from '../i18n/useTexts';
import { appTexts } from './texts';
import '../ui/page.css';

/** The last net: what is around the pages has failed itself. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <AllFailed error={this.state.error} />;
  }
}

function AllFailed(props: { error: Error }) {
  const t = useTexts(appTexts);
  return (
    <main className="said" role="alert">
      <h1>{t('failedTitle')}</h1>
      <p>{props.error.message}</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t('reload')}
      </Button>
    </main>
  );
}
