import { defineTexts } from '../../../i18n/texts';

export const texts = defineTexts('explorer.checkpoints', {
  en: {
    title: 'Checkpoints',
    lead: "The root over what each block proves to the outside: rides, vehicles, telemetry. BEEFY's signatures lead to it, and with them Ethereum.",
    root: 'Root',
    contents: 'What it proves',
    see: 'See the items',
  },
  zh: {
    title: '检查点',
    lead: '每个区块对外可证明内容（行程、车辆、遥测）的根。BEEFY 签名以及以太坊均以此为据。',
    root: '根',
    contents: '可证明内容',
    see: '查看条目',
  },
});
