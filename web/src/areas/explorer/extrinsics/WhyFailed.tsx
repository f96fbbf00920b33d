import { Alert } from 'antd';
import type { Explanation } from '../../../chain/refusals/explain';
import type { Refusal } from '../../../chain/refusals/refusal';
import type { Language } from '../../../i18n/setup';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { useNodeAnswer } from '../node/useNode';
import { refusalOf } from './refusalOf';
import { texts } from './texts';

/** Why an extrinsic failed, in words: what the pallet's author, or the translator, wrote of the error. */
export function WhyFailed({ error }: { error: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const refusal = refusalOf(error);
  const words = useNodeAnswer(
    ['error', error, language],
    async (chain): Promise<Explanation> => explained(await chain.metadata(), refusal, language),
    Number.POSITIVE_INFINITY,
  );
  const said = error === '' ? t('noReason') : words.data?.sentence;
  return (
    <Alert
      type="error"
      showIcon
      title={error === '' ? t('why') : `${t('why')}: ${error}`}
      description={said ?? (words.isError ? t('notAsked') : undefined)}
    />
  );
}

async function explained(
  metadata: Parameters<typeof import('../../../chain/refusals/explain').explain>[0],
  refusal: Refusal,
  language: Language,
): Promise<Explanation> {
  const { explain } = await import('../../../chain/refusals/explain');
  return explain(metadata, refusal, language);
}
