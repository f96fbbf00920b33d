import type { FeatureCollection, Point } from 'geojson';
import type { LngLat } from '../geo/place';

/**
 * A city's name in English and Chinese, where it is, from which zoom on its name is shown, and how its administrative codes
 * (GB/T 2260) begin where it has any.
 */
type City = readonly [
  en: string,
  zh: string,
  longitude: number,
  latitude: number,
  zoom: number,
  code?: string,
];

/** Cities, to find one's way on the plain base: names and places alone, no countries, no borders. */
const CITIES: readonly City[] = [
  ['Beijing', '北京', 116.407, 39.904, 2, '11'],
  ['Shanghai', '上海', 121.474, 31.23, 2, '31'],
  ['Guangzhou', '广州', 113.264, 23.129, 3, '4401'],
  ['Shenzhen', '深圳', 114.058, 22.543, 4, '4403'],
  ['Hong Kong', '香港', 114.17, 22.28, 4, '81'],
  ['Macao', '澳门', 113.55, 22.19, 7, '82'],
  ['Chongqing', '重庆', 106.551, 29.563, 3, '50'],
  ['Chengdu', '成都', 104.066, 30.573, 3, '5101'],
  ['Tianjin', '天津', 117.2, 39.085, 4, '12'],
  ['Wuhan', '武汉', 114.305, 30.593, 3, '4201'],
  ["Xi'an", '西安', 108.94, 34.342, 3, '6101'],
  ['Hangzhou', '杭州', 120.155, 30.274, 4, '3301'],
  ['Nanjing', '南京', 118.797, 32.06, 4, '3201'],
  ['Suzhou', '苏州', 120.585, 31.299, 5, '3205'],
  ['Wuxi', '无锡', 120.312, 31.491, 6, '3202'],
  ['Ningbo', '宁波', 121.55, 29.874, 5, '3302'],
  ['Hefei', '合肥', 117.227, 31.821, 4, '3401'],
  ['Jinan', '济南', 117.12, 36.651, 4, '3701'],
  ['Qingdao', '青岛', 120.383, 36.067, 4, '3702'],
  ['Zhengzhou', '郑州', 113.625, 34.747, 4, '4101'],
  ['Changsha', '长沙', 112.939, 28.228, 4, '4301'],
  ['Nanchang', '南昌', 115.858, 28.683, 4, '3601'],
  ['Fuzhou', '福州', 119.296, 26.075, 4, '3501'],
  ['Xiamen', '厦门', 118.089, 24.48, 5, '3502'],
  ['Dongguan', '东莞', 113.752, 23.021, 7, '4419'],
  ['Foshan', '佛山', 113.122, 23.022, 7, '4406'],
  ['Zhuhai', '珠海', 113.577, 22.271, 7, '4404'],
  ['Huizhou', '惠州', 114.416, 23.112, 7, '4413'],
  ['Nanning', '南宁', 108.366, 22.817, 4, '4501'],
  ['Haikou', '海口', 110.199, 20.044, 4, '4601'],
  ['Kunming', '昆明', 102.833, 24.88, 3, '5301'],
  ['Guiyang', '贵阳', 106.63, 26.647, 4, '5201'],
  ['Lhasa', '拉萨', 91.117, 29.647, 3, '5401'],
  ['Lanzhou', '兰州', 103.834, 36.061, 4, '6201'],
  ['Xining', '西宁', 101.778, 36.617, 5, '6301'],
  ['Yinchuan', '银川', 106.231, 38.487, 4, '6401'],
  ['Urumqi', '乌鲁木齐', 87.617, 43.825, 3, '6501'],
  ['Hohhot', '呼和浩特', 111.752, 40.841, 4, '1501'],
  ['Taiyuan', '太原', 112.549, 37.857, 4, '1401'],
  ['Shijiazhuang', '石家庄', 114.514, 38.042, 4, '1301'],
  ['Shenyang', '沈阳', 123.432, 41.805, 4, '2101'],
  ['Dalian', '大连', 121.615, 38.914, 5, '2102'],
  ['Changchun', '长春', 125.324, 43.817, 4, '2201'],
  ['Harbin', '哈尔滨', 126.535, 45.803, 3, '2301'],
  ['Taipei', '台北', 121.565, 25.033, 4],
  ['Tokyo', '东京', 139.692, 35.69, 2],
  ['Osaka', '大阪', 135.502, 34.694, 4],
  ['Seoul', '首尔', 126.978, 37.567, 3],
  ['Hanoi', '河内', 105.834, 21.028, 3],
  ['Bangkok', '曼谷', 100.502, 13.756, 3],
  ['Singapore', '新加坡', 103.82, 1.352, 3],
  ['Manila', '马尼拉', 120.984, 14.6, 3],
  ['Jakarta', '雅加达', 106.827, -6.175, 3],
  ['Delhi', '德里', 77.209, 28.614, 3],
  ['Dubai', '迪拜', 55.271, 25.205, 3],
  ['London', '伦敦', -0.128, 51.507, 2],
  ['Paris', '巴黎', 2.352, 48.857, 3],
  ['Berlin', '柏林', 13.405, 52.52, 3],
  ['Cairo', '开罗', 31.236, 30.044, 2],
  ['Nairobi', '内罗毕', 36.822, -1.292, 3],
  ['Sydney', '悉尼', 151.209, -33.869, 2],
  ['New York', '纽约', -74.006, 40.713, 2],
  ['Los Angeles', '洛杉矶', -118.244, 34.052, 3],
  ['Mexico City', '墨西哥城', -99.133, 19.433, 3],
  ['Sao Paulo', '圣保罗', -46.633, -23.55, 2],
];

/** The cities as GeoJSON: `en`, `zh` and `zoom` are their properties. */
export function cities(): FeatureCollection<Point, { en: string; zh: string; zoom: number }> {
  return {
    type: 'FeatureCollection',
    features: CITIES.map(([en, zh, longitude, latitude, zoom]) => ({
      type: 'Feature',
      properties: { en, zh, zoom },
      geometry: { type: 'Point', coordinates: [longitude, latitude] },
    })),
  };
}

/** Where the city is that an administrative code (GB/T 2260) is of, in WGS 84. Null: it is none of those that are known. */
export function cityAt(code: number): LngLat | null {
  const city = CITIES.find(([, , , , , begin]) => begin !== undefined && String(code).startsWith(begin));
  return city === undefined ? null : [city[2], city[3]];
}
