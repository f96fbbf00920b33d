import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered, Empty } from '../../../ui/answers';
import { PaperTable } from '../applications/PaperTable';
import { ApplicationLink, When } from '../detail/values';
import { companyPapersQuery } from './queries';
import { texts } from './texts';

/** What a company showed when it applied, and who answers for it. */
export function CompanyPapers(props: { company: number; at: { number: number } | null }) {
  const t = useTexts(texts);
  const query = useAsk(companyPapersQuery, props);
  return (
    <Answered
      query={query}
      isEmpty={({ applications }) => applications.length === 0}
      empty={<Empty text={t('founder')} />}
      rows={4}
    >
      {({ applications }) => (
        <div className="x-stack">
          {applications.map((application) => (
            <div key={application.id} className="x-stack">
              <span className="x-row">
                <ApplicationLink id={application.id} />
                <When at={application.applied} />
              </span>
              <PaperTable of={application.papers} />
            </div>
          ))}
        </div>
      )}
    </Answered>
  );
}
