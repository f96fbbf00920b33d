import { HomeOutlined } from '@ant-design/icons';
import { useLocation } from '@tanstack/react-router';
import { useId } from 'react';
import { useSession } from '../api/hooks';
import { useLanguage, useTexts } from '../i18n/useTexts';
import type { Area, MenuGroup, MenuItem } from '../route/area';
import { PathLink } from '../ui/PathLink';
import { areas } from './areas';
import { areaAt, itemAt, visibleAreas, visibleGroups, visibleItems } from './menu';
import { appTexts } from './texts';

/** The menu: all areas that the account sees, and the pages of the one where it is. */
export function Nav() {
  const t = useTexts(appTexts);
  const who = useSession();
  const path = useLocation({ select: (location) => location.pathname });
  const here = areaAt(areas, path);
  return (
    <nav className="nav" aria-label={t('mainMenu')}>
      <ul>
        <li>
          <PathLink to="/" current={path === '/'} className={path === '/' ? 'nav-link nav-here' : 'nav-link'}>
            <span aria-hidden="true">
              <HomeOutlined />
            </span>
            {t('home')}
          </PathLink>
        </li>
        {visibleAreas(areas, who).map((area) => (
          <li key={area.id}>
            <AreaLinks area={area} open={area === here} path={path} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function AreaLinks(props: { area: Area; open: boolean; path: string }) {
  const language = useLanguage();
  const t = useTexts(appTexts);
  const who = useSession();
  const { area, open, path } = props;
  const groups = visibleGroups(area, who);
  const here = itemAt(visibleItems(area, who), path);
  const name = area.text[language];
  return (
    <>
      <PathLink
        to={area.to}
        current={false}
        className={open ? 'nav-link nav-area nav-open' : 'nav-link nav-area'}
      >
        <span aria-hidden="true">
          <area.icon />
        </span>
        {name}
      </PathLink>
      {open && groups.length > 0 ? (
        <ul aria-label={t('areaMenu', { area: name })}>
          {groups.map((group) => (
            <GroupLinks key={group.items[0]?.to} group={group} here={here} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

function GroupLinks(props: { group: MenuGroup; here: MenuItem | undefined }) {
  const language = useLanguage();
  const heading = useId();
  const { group, here } = props;
  const links = group.items.map((item) => (
    <li key={item.to}>
      <PathLink
        to={item.to}
        current={item === here}
        className={item === here ? 'nav-link nav-item nav-here' : 'nav-link nav-item'}
      >
        <span aria-hidden="true">
          <item.icon />
        </span>
        {item.text[language]}
      </PathLink>
    </li>
  ));
  if (group.text === undefined) return links;
  return (
    <li>
      <p id={heading} className="nav-group">
        {group.text[language]}
      </p>
      <ul aria-labelledby={heading}>{links}</ul>
    </li>
  );
}

/** On phones: the first pages of the area where one is, at the thumb. */
export function BottomBar(props: { more: () => void }) {
  const language = useLanguage();
  const t = useTexts(appTexts);
  const who = useSession();
  const path = useLocation({ select: (location) => location.pathname });
  const area = areaAt(visibleAreas(areas, who), path);
  if (area === undefined) return null;
  const items = visibleItems(area, who);
  const here = itemAt(items, path);
  const first = items.length <= 5 ? items : items.slice(0, 4);
  return (
    <nav className="bottom" aria-label={t('areaMenu', { area: area.text[language] })}>
      {first.map((item) => (
        <PathLink
          key={item.to}
          to={item.to}
          current={item === here}
          className={item === here ? 'bottom-link bottom-here' : 'bottom-link'}
        >
          <span aria-hidden="true">
            <item.icon />
          </span>
          {item.text[language]}
        </PathLink>
      ))}
      {first.length < items.length ? (
        <button type="button" className="bottom-link" onClick={props.more}>
          <span aria-hidden="true" className="bottom-dots">
            ⋯
          </span>
          {t('more')}
        </button>
      ) : null}
    </nav>
  );
}
