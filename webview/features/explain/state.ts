/** Which lesson is open. */
import type { Slice } from '../../slice';

export const LESSONS = ['carried', 'forgets', 'recall', 'saves', 'bothEnds', 'parameters'] as const;
export type Lesson = (typeof LESSONS)[number];

export interface Chosen {
  readonly type: 'chooseLesson';
  readonly lesson: Lesson;
}

export const slice: Slice<Lesson, Chosen> = {
  restore: (kept) => LESSONS.find((one) => one === kept) ?? LESSONS[0],
  keep: (lesson) => lesson,
  reduce: (lesson, action) => (action.type === 'chooseLesson' ? action.lesson : lesson),
};
