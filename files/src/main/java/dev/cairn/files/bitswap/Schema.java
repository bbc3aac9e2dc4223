package dev.cairn.files.bitswap;

/// The field numbers of Bitswap's messages (Bitswap 1.2.0, "Wire Format").
final class Schema {

  static final int WANTLIST = 1;
  static final int BLOCKS = 2;
  static final int PAYLOAD = 3;
  static final int PRESENCES = 4;

  static final int WANTLIST_ENTRIES = 1;
  static final int WANTLIST_FULL = 2;

  static final int ENTRY_BLOCK = 1;
  static final int ENTRY_PRIORITY = 2;
  static final int ENTRY_CANCEL = 3;
  static final int ENTRY_WANT_TYPE = 4;
  static final int ENTRY_SEND_DONT_HAVE = 5;

  static final int BLOCK_PREFIX = 1;
  static final int BLOCK_DATA = 2;

  static final int PRESENCE_CID = 1;
  static final int PRESENCE_TYPE = 2;

  static final int WANT_HAVE = 1;
  static final int HAVE = 0;
  static final int DONT_HAVE = 1;

  private Schema() {}
}
