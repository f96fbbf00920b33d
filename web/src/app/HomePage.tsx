import { ArrowRightOutlined, LockOutlined } from '@ant-design/icons';
import { useSession } from '../api/hooks';
import { useLanguage, useTexts } from '../i18n/useTexts';
import type { Area } from '../route/area';
import { Page } from '../ui/Page';
import { PathLink } from '../ui/PathLink';
import { areas } from './areas';
import { mayEnter } from './menu';
import { appTexts } from './texts';
import './home.css';

/** Leads each of the four audiences to its area. */
export function HomePage() {
  const t = useTexts(appTexts);
  return (
    <Page title={t('homeTitle')} lead={<p className="home-lead">{t('homeLead')}</p>}>
      <ul className="ways">
        {areas.map((area) => (
          <li key={area.id}>
            <Way area={area} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function Way(props: { area: Area }) {
  const t = useTexts(appTexts);
  const language = useLanguage();
  const who = useSession();
  const { area } = props;
  const open = mayEnter(area, who);
  const hint = open
    ? t('open', { area: area.text[language] })
    : who === null
      ? t('logInFirst')
      : t('notYours');
  return (
    <PathLink to={area.to} className="way">
      <span className="way-icon" aria-hidden="true">
        <area.icon />
      </span>
      <h2>{area.text[language]}</h2>
      <p className="way-for">{t(`${area.id}For`)}</p>
      <p>{t(`${area.id}What`)}</p>
      <span className="way-hint">
        <span aria-hidden="true">{open ? <ArrowRightOutlined /> : <LockOutlined />}</span>
        {hint}
      </span>
    </PathLink>
  );
}
