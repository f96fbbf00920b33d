import { Input } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { texts } from '../texts';

/** The four digits that the rider tells. The fourth one sends them. */
export function StartCode(props: { disabled: boolean; done: (code: string) => void }) {
  const t = useTexts(texts);
  return (
    <fieldset className="d-code">
      <legend>{t('startCode')}</legend>
      <Input.OTP
        length={4}
        size="large"
        type="tel"
        autoFocus
        disabled={props.disabled}
        formatter={(typed) => typed.normalize('NFKC').replace(/\D/g, '')}
        onChange={(code) => {
          if (/^\d{4}$/.test(code)) props.done(code);
        }}
      />
      <p className="d-quiet">{props.disabled ? t('codeChecked') : t('startCodeHint')}</p>
    </fieldset>
  );
}
