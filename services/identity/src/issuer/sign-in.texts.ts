/** Languages that the pages are written in. */
export type Language = 'vi' | 'en';

const texts = {
  vi: {
    signIn: 'Đăng nhập',
    to: 'để dùng',
    loginName: 'Tên đăng nhập',
    password: 'Mật khẩu',
    newPassword: 'Mật khẩu mới (ít nhất 10 ký tự)',
    newPasswordAgain: 'Nhập lại mật khẩu mới',
    changePassword: 'Đổi mật khẩu',
    changeReason: 'Mật khẩu hiện tại do quản trị viên đặt. Hãy chọn mật khẩu của riêng bạn.',
    currentPassword: 'Mật khẩu hiện tại',
    continue: 'Tiếp tục',
    otherLanguage: 'English',
    wrong: 'Tên đăng nhập hoặc mật khẩu không đúng.',
    throttled: 'Đã sai quá nhiều lần. Hãy thử lại sau ít phút.',
    differ: 'Hai lần nhập mật khẩu mới không giống nhau.',
    common: 'Mật khẩu này dễ bị đoán. Hãy chọn mật khẩu dài hơn hoặc khác thường hơn.',
    weak: 'Mật khẩu mới phải có từ 10 đến 200 ký tự, khác mật khẩu hiện tại và khác tên đăng nhập.',
    expired: 'Lần đăng nhập này đã hết hạn. Hãy quay lại ứng dụng và đăng nhập lại.',
    signOut: 'Đăng xuất',
    signOutQuestion: 'Bạn có muốn đăng xuất khỏi Quen không?',
    stay: 'Ở lại',
    signedOut: 'Bạn đã đăng xuất.',
    failed: 'Không thực hiện được yêu cầu này',
  },
  en: {
    signIn: 'Sign in',
    to: 'to use',
    loginName: 'Sign-in name',
    password: 'Password',
    newPassword: 'New password (at least 10 characters)',
    newPasswordAgain: 'New password again',
    changePassword: 'Change password',
    changeReason: 'Your present password was set by an administrator. Choose one of your own.',
    currentPassword: 'Present password',
    continue: 'Continue',
    otherLanguage: 'Tiếng Việt',
    wrong: 'The sign-in name or the password is wrong.',
    throttled: 'Too many wrong attempts. Try again in a few minutes.',
    differ: 'The two new passwords differ.',
    common: 'This password is among the first that are guessed. Choose a longer or less usual one.',
    weak: 'The new password must have 10 to 200 characters and differ from the present one and from the sign-in name.',
    expired: 'This sign-in has expired. Go back to the application and sign in again.',
    signOut: 'Sign out',
    signOutQuestion: 'Do you want to sign out of Quen?',
    stay: 'Stay signed in',
    signedOut: 'You are signed out.',
    failed: 'This request could not be carried out',
  },
} as const;

/** One text of the pages. */
export type TextKey = keyof (typeof texts)['vi'];

/** The texts of a language. */
export const textsOf = (language: Language): Record<TextKey, string> => texts[language];

/**
 * The first of the wishes that there are texts for; Vietnamese otherwise. Wishes are language tags in order, as in
 * `ui_locales`.
 */
export function chooseLanguage(...wishes: (string | undefined)[]): Language {
  for (const tag of wishes.flatMap((wish) => (wish ?? '').split(/[\s,]+/))) {
    const primary = tag.split(/[-;]/)[0]?.toLowerCase();
    if (primary === 'vi' || primary === 'en') return primary;
  }
  return 'vi';
}
