export { Clock, type Moment } from '@quen/chassis';
