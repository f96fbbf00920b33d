import { DeleteOutlined, PaperClipOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Form, Input, Select, Upload } from 'antd';
import { useMemo, useState } from 'react';
import { accountHex, shorten } from '../../../format/ids';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { attestPath } from '../../../route/paths';
import { Icon } from '../../../ui/Icon';
import { Hash } from '../../../ui/links';
import { Page } from '../../../ui/Page';
import { PathLink } from '../../../ui/PathLink';
import type { WalletAccount } from '../../../wallet/account';
import { callOf, chooseAccount } from '../../../wallet/requests';
import { useWallet } from '../../../wallet/shared';
import '../operations.css';
import { applicationsPath } from '../parts/names';
import { Section } from '../parts/Section';
import { useWord } from '../parts/words';
import { Row } from '../tariffs/Fields';
import { treasuryOf } from './admission';
import {
  companyKinds,
  type Draft,
  type DraftPaper,
  type Field,
  mostPapers,
  nextKind,
  paperKinds,
  readApplication,
} from './apply';
import { applyTexts } from './applyTexts';
import { openApplicationsQuery, treasuriesQuery } from './queries';
import { useHashing } from './useHashing';
import { useSubmit } from './useSubmit';

const empty: Draft = { name: '', kind: undefined, treasury: '', papers: [] };

/** Applies to join the consortium. Anybody with an account on the chain may. */
export function ApplyPage() {
  const t = useTexts(applyTexts);
  const navigate = useNavigate();
  const { data } = useAsk(treasuriesQuery, {}, { staleTime: 60_000 });
  const [draft, change] = useState(empty);
  const [isTried, setTried] = useState(false);
  const { submit, isBusy } = useSubmit();
  const account = useWallet()?.selected;
  const own = useOpenApplication(account);
  const read = useMemo(() => {
    const taken = (data?.companies ?? []).flatMap(({ treasury }) =>
      treasury === null ? [] : [accountHex(treasury)],
    );
    return readApplication(draft, new Set(taken));
  }, [draft, data]);
  const trouble = (field: Field) => {
    const found = read.troubles.get(field);
    return found === undefined || (found === 'empty' && !isTried) ? undefined : t(found);
  };
  const apply = async () => {
    setTried(true);
    if (read.call === undefined) return;
    const isDone = await submit(callOf('Consortium', 'apply', read.call), t('done'), account);
    if (isDone) void navigate({ to: applicationsPath });
  };
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      narrow
      extra={<PathLink to={applicationsPath}>{t('back')}</PathLink>}
    >
      <Form layout="vertical" component="div">
        <div className="o-stack">
          <Applicant account={account} own={own} />
          <Section title={t('company')}>
            <CompanyFields draft={draft} applicant={account?.address} change={change} trouble={trouble} />
          </Section>
          <Section title={t('papers')}>
            <Papers
              papers={draft.papers}
              put={(edit) => change((old) => ({ ...old, papers: edit(old.papers) }))}
              trouble={trouble('papers')}
            />
          </Section>
          <div className="o-row">
            <Button type="primary" loading={isBusy} disabled={own !== undefined} onClick={() => void apply()}>
              {t('apply')}
            </Button>
            <span className="o-note">{t('next')}</span>
          </div>
        </div>
      </Form>
    </Page>
  );
}

/** The id of the application that an account has open: the chain takes one at a time. */
function useOpenApplication(account: WalletAccount | undefined): string | undefined {
  const { data } = useAsk(openApplicationsQuery, {}, { refetchInterval: 15_000 });
  if (account === undefined) return undefined;
  return data?.applications.find(({ applicant }) => applicant === accountHex(account.address))?.id;
}

/** Who applies: it becomes the first administrator. */
function Applicant({ account, own }: { account: WalletAccount | undefined; own: string | undefined }) {
  const t = useTexts(applyTexts);
  const choose = (
    <Button onClick={() => void chooseAccount()}>{t(account === undefined ? 'connect' : 'other')}</Button>
  );
  if (account === undefined) return <Alert type="info" showIcon title={t('noWallet')} action={choose} />;
  if (own !== undefined)
    return (
      <Alert
        type="warning"
        showIcon
        title={t('already')}
        action={
          <span className="o-row">
            <PathLink to={attestPath(own)}>
              <Button tabIndex={-1}>{t('toApplication')}</Button>
            </PathLink>
            {choose}
          </span>
        }
      />
    );
  return (
    <Alert
      type="info"
      showIcon
      title={t('as', { account: `${account.name} (${shorten(account.address, 6, 6)})` })}
      action={choose}
    />
  );
}

function CompanyFields(props: {
  draft: Draft;
  applicant: string | undefined;
  change: (draft: Draft) => void;
  trouble: (field: Field) => string | undefined;
}) {
  const t = useTexts(applyTexts);
  const word = useWord();
  const { draft, change, trouble } = props;
  return (
    <>
      <Row label={t('name')} trouble={trouble('name')}>
        <Input
          aria-label={t('name')}
          maxLength={64}
          value={draft.name}
          onChange={({ target }) => change({ ...draft, name: target.value })}
        />
      </Row>
      <Row label={t('kind')} trouble={trouble('kind')}>
        <Select
          aria-label={t('kind')}
          value={draft.kind ?? null}
          options={companyKinds.map((value) => ({ value, label: word('CompanyKind', value) }))}
          onChange={(kind) => change({ ...draft, kind: kind ?? undefined })}
        />
      </Row>
      <Row label={t('treasury')} trouble={trouble('treasury')}>
        <Input
          aria-label={t('treasury')}
          className="code"
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          value={draft.treasury}
          onChange={({ target }) => change({ ...draft, treasury: target.value })}
        />
      </Row>
      <TreasuryHint of={treasuryOf(draft.treasury, props.applicant)} />
    </>
  );
}

/** Nobody's account becomes a treasury without its own word. */
function TreasuryHint({ of }: { of: ReturnType<typeof treasuryOf> }) {
  const t = useTexts(applyTexts);
  return of === 'other' ? (
    <Alert type="warning" showIcon title={t('treasuryOther')} />
  ) : (
    <p className="o-note">{t(of === 'own' ? 'treasuryOwn' : 'treasuryAny')}</p>
  );
}

type Edit = (papers: readonly DraftPaper[]) => readonly DraftPaper[];

/** The files stay where they are: each is read once, for its hash. */
function Papers(props: {
  papers: readonly DraftPaper[];
  put: (edit: Edit) => void;
  trouble: string | undefined;
}) {
  const t = useTexts(applyTexts);
  const word = useWord();
  const { hash, isBusy } = useHashing();
  const { papers, put, trouble } = props;
  const add = async (file: File) => {
    const found = await hash(file);
    if (found === undefined) return;
    put((old) => [...old, { kind: nextKind(old), file: file.name, hash: found }]);
  };
  return (
    <div className="o-stack o-tight">
      <p className="o-none">{t('papersLead')}</p>
      {papers.map((paper, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a file may be there twice, and rows keep nothing of their own.
        <div key={at} className="o-row">
          <Select
            aria-label={t('paperKind')}
            style={{ width: 200 }}
            value={paper.kind}
            options={paperKinds.map((value) => ({ value, label: word('PaperKind', value) }))}
            onChange={(kind) => put((old) => old.map((one) => (one === paper ? { ...one, kind } : one)))}
          />
          <span>{paper.file}</span>
          <Hash value={paper.hash} />
          <Button
            aria-label={t('remove', { file: paper.file })}
            icon={<Icon of={DeleteOutlined} />}
            onClick={() => put((old) => old.filter((one) => one !== paper))}
          />
        </div>
      ))}
      <div>
        <Upload
          multiple
          showUploadList={false}
          beforeUpload={(file) => {
            void add(file);
            return false;
          }}
        >
          <Button
            icon={<Icon of={PaperClipOutlined} />}
            loading={isBusy}
            disabled={papers.length >= mostPapers}
          >
            {t('add')}
          </Button>
        </Upload>
      </div>
      {trouble === undefined ? null : <div className="o-more">{trouble}</div>}
    </div>
  );
}
