import { useTexts } from '../../../i18n/useTexts';
import { Empty } from '../../../ui/answers';
import { Page } from '../../../ui/Page';
import { texts } from '../texts';

/** A page of something that the index does not have. */
export function NotThere(props: { what: string; newest: number | undefined }) {
  const t = useTexts(texts);
  const { what, newest } = props;
  return (
    <Page title={t('notThere', { what })}>
      <Empty text={newest === undefined ? t('notThereHint') : t('notThereWhy', { block: newest })} />
    </Page>
  );
}
