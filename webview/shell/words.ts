/** The words of the panel's frame. */
export const words = {
  dockHeight: 'Height of the views',
};
