import { basisOf, type ModelInUse } from '../models/models.service.js';
import { rankedValue } from '../value-scores.js';
import type { Insight } from './insight.entity.js';
import type { InsightReason } from './insights.dto.js';

const number = (language: 'vi' | 'en', value: number, digits = 0): string =>
  value.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: digits });

/**
 * Explains rank, recency and lifetime value in the reader's language, from the same figures that they were calculated
 * with.
 */
export function reasonsOf(
  insight: Insight,
  { policy, model, version }: ModelInUse,
  language: 'vi' | 'en',
): InsightReason[] {
  const say = (value: number, digits = 0): string => number(language, value, digits);
  const vi = language === 'vi';
  const at = policy.findIndex((step) => step.rank === insight.rank),
    here = policy[at],
    next = policy[at + 1];
  const value = rankedValue(Number(insight.revenue), Number(insight.paid));
  const reasons: InsightReason[] = [];
  if (here) {
    reasons.push({
      code: 'rank',
      text: vi
        ? `Đã thu ${say(value)} cho hàng được giữ lại, đạt mức tối thiểu của hạng ${here.rank} là ${say(here.minimumValue)}.`
        : `${say(value)} received for goods that were kept reached the minimum of ${here.rank}, ${say(here.minimumValue)}.`,
    });
  }
  if (next) {
    const missing = next.minimumValue - value;
    reasons.push({
      code: 'next_rank',
      text: vi ? `Còn thiếu ${say(missing)} để lên hạng ${next.rank}.` : `${say(missing)} more reaches ${next.rank}.`,
    });
  }
  if (insight.lastPurchaseOn) {
    reasons.push({
      code: 'recency',
      text: vi
        ? `Lần mua gần nhất ${insight.lastPurchaseOn}, tính đến ${insight.asOf ?? ''}: điểm ${insight.recencyScore}/5.`
        : `Last purchase on ${insight.lastPurchaseOn}, counted to ${insight.asOf ?? ''}: ${insight.recencyScore} of 5.`,
    });
  }
  if (insight.ordersNextYear !== null && insight.marginRate !== null) {
    const [name, serve] = [
      basisOf(version) === 'fitted'
        ? String(version)
        : vi
          ? `${version} (có sẵn của Quen, chưa tính từ lịch sử của công ty)`
          : `${version} (built in, not fitted to the firm's own history yet)`,
      say(Number(insight.serveCostPerYear)),
    ];
    reasons.push({
      code: 'lifetime_value',
      text: vi
        ? `Mô hình ${name}: dự kiến ${say(insight.ordersNextYear, 2)} lần mua trong một năm, mỗi lần ${say(Number(insight.expectedOrderValue))}, biên ${say(insight.marginRate * 100, 1)} %, chi phí phục vụ ${serve} mỗi năm, chiết khấu ${say(model.discountRate * 100, 1)} %/năm trong ${model.horizonYears} năm.`
        : `Model ${name}: ${say(insight.ordersNextYear, 2)} purchases expected within a year of ${say(Number(insight.expectedOrderValue))} each, margin ${say(insight.marginRate * 100, 1)} %, cost to serve ${serve} a year, discounted at ${say(model.discountRate * 100, 1)} % a year over ${model.horizonYears} years.`,
    });
    reasons.push({
      code: 'purchase_probability',
      text: vi
        ? `Khả năng mua ít nhất một lần trong 12 tháng tới: ${say((insight.purchaseProbability ?? 0) * 100, 1)} %.`
        : `Chance of at least one purchase within twelve months: ${say((insight.purchaseProbability ?? 0) * 100, 1)} %.`,
    });
  }
  if (insight.openComplaints > 0) {
    reasons.push({
      code: 'open_complaints',
      text: vi ? `${insight.openComplaints} khiếu nại đang mở.` : `${insight.openComplaints} open complaints.`,
    });
  }
  return reasons;
}
