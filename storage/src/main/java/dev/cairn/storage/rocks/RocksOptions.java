package dev.cairn.storage.rocks;

import dev.cairn.storage.StoreException;
import dev.cairn.storage.StoreParams;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;

/// The settings of a store, and the native objects that they share.
final class RocksOptions implements AutoCloseable {

  private static final int BLOOM_BITS_PER_KEY = 10;

  /// One column's part of the memory for what is not in files yet. Each time it is full another
  /// file is made, so it is the size of the smallest files too.
  private static final int FAMILY_BUFFER_BYTES = 16 << 20;

  /// The sorted files of a column's first level together; RocksDB's own 256 MiB would be merged
  /// with each few MiB that come.
  private static final long FIRST_LEVEL_BYTES = 64L << 20;

  private static final long LARGE_VALUE_BYTES = 512;
  private static final long WAL_BYTES_MAX = 64L << 20;
  private static final long LOG_FILE_BYTES_MAX = 1L << 20;
  private static final long LOG_FILES_MAX = 2;
  private static final int BACKGROUND_JOBS = 2;
  private static final int SMOOTH_SYNC_BYTES = 1 << 20;

  private final LRUCache cache;
  private final BloomFilter bloom;
  private final DBOptions database;
  private final ColumnFamilyOptions family;
  private final ColumnFamilyOptions large;

  RocksOptions(StoreParams params) {
    this.cache = new LRUCache(params.blockCacheBytes());
    this.bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
    this.database = database(params);
    this.family = family(params);
    this.large =
        family(params)
            .setEnableBlobFiles(true)
            .setMinBlobSize(LARGE_VALUE_BYTES)
            .setBlobCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  private ColumnFamilyOptions family(StoreParams params) {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(Math.min(FAMILY_BUFFER_BYTES, params.writeBufferBytes()))
        .setMaxBytesForLevelBase(FIRST_LEVEL_BYTES)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(bloom)
                // Indexes and filters count against the cache, so that memory has one bound.
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFormatVersion(5));
  }

  /// The default recovery mode opens cleanly after a flipped bit in the middle of the log and drops
  /// all behind it; this one refuses that and accepts a torn tail. Log files must not be recycled
  /// for it, and the manifest knows which ones there have to be.
  private static DBOptions database(StoreParams params) {
    Properties unnamed = new Properties();
    unnamed.setProperty("track_and_verify_wals_in_manifest", "true");
    DBOptions options = DBOptions.getDBOptionsFromProps(unnamed);
    if (options == null) {
      throw new StoreException("this RocksDB does not know track_and_verify_wals_in_manifest");
    }
    return options
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setParanoidChecks(true)
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setRecycleLogFileNum(0)
        .setMaxTotalWalSize(WAL_BYTES_MAX)
        .setDbWriteBufferSize(params.writeBufferBytes())
        .setMaxOpenFiles(params.openFilesMax())
        .setMaxBackgroundJobs(BACKGROUND_JOBS)
        .setBytesPerSync(SMOOTH_SYNC_BYTES)
        .setStatsDumpPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(LOG_FILE_BYTES_MAX)
        .setKeepLogFileNum(LOG_FILES_MAX);
  }

  DBOptions database() {
    return database;
  }

  ColumnFamilyOptions family() {
    return family;
  }

  /// For columns of large values.
  ColumnFamilyOptions large() {
    return large;
  }

  @Override
  public void close() {
    family.close();
    large.close();
    database.close();
    bloom.close();
    cache.close();
  }
}
