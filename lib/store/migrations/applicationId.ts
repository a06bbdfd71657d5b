/** Stands in the header of the file of every embedded store ("omsS"), so that it is not taken for another program's, nor another's for ours. */
export const APPLICATION_ID = 0x6f6d7353;
