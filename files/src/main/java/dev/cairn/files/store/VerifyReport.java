package dev.cairn.files.store;

import java.util.List;

/// What a check of every block found.
///
/// @param blocks that were checked
/// @param bytes that were hashed
/// @param faults one sentence each, at most [#FAULTS_MAX] of them; a block that is named here is
///   forgotten, so that it can be fetched or added again
/// @param faulty how many faults there are
public record VerifyReport(long blocks, long bytes, List<String> faults, long faulty) {

  /// The most faults that are named.
  public static final int FAULTS_MAX = 1000;
}
