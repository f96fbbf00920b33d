import { Form, Input } from 'antd';
import { useTexts } from '../../i18n/useTexts';
import { LEAST_LENGTH, type PasswordFault, passwordFault } from '../keystore/password';
import { walletTexts } from '../texts';

/** A new password, twice, held against the rules. Stands in a form that has a field `name`. */
export function PasswordFields() {
  const t = useTexts(walletTexts);
  const count = String(LEAST_LENGTH);
  const words: Record<PasswordFault, string> = {
    short: t('passwordShort', { count }),
    simple: t('passwordSimple'),
    common: t('passwordCommon'),
    name: t('passwordName'),
  };
  return (
    <>
      <Form.Item
        name="password"
        label={t('password')}
        extra={t('passwordHint', { count })}
        required
        rules={[
          ({ getFieldValue }) => ({
            validator: async (_, value: string | undefined) => {
              const name: unknown = getFieldValue('name');
              const fault = passwordFault(value ?? '', typeof name === 'string' ? [name] : []);
              if (fault) throw new Error(words[fault]);
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('passwordAgain')}
        dependencies={['password']}
        required
        rules={[
          ({ getFieldValue }) => ({
            validator: async (_, value: string | undefined) => {
              if (value !== getFieldValue('password')) throw new Error(t('passwordDiffers'));
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
