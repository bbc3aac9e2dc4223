package dev.cairn.files.exchange;

import java.time.Duration;
import java.util.List;

/// How a DAG is fetched.
///
/// @param from peers known to have it, beside those that are found
/// @param onlyFrom asks nobody but the peers in `from`, and looks for no others
/// @param inOrder fetches in the order of the DAG, for whoever reads along; otherwise the rarest
///   blocks come first, so that many readers of one seed have different ones to trade
/// @param patience the longest time without a single new block
/// @param prompt whether it ends as soon as the search for providers is over and everybody who
///   could be asked has not got it; otherwise that is waited for, as long as patience lasts
/// @param bytesMax the most bytes that all its blocks may have together
public record DownloadOptions(
    List<ProviderPeer> from,
    boolean onlyFrom,
    boolean inOrder,
    Duration patience,
    boolean prompt,
    long bytesMax) {

  /// From everybody, rarest first, giving up after a minute with nothing new; no limit on size.
  public static final DownloadOptions STANDARD =
      new DownloadOptions(List.of(), false, false, Duration.ofMinutes(1), false, Long.MAX_VALUE);

  public DownloadOptions {
    from = List.copyOf(from);
    if (onlyFrom && from.isEmpty()) {
      throw new IllegalArgumentException("a download from nobody");
    }
  }

  /// The same with peers to begin with.
  public DownloadOptions withFrom(List<ProviderPeer> peers) {
    return new DownloadOptions(peers, onlyFrom, inOrder, patience, prompt, bytesMax);
  }

  /// The same from these peers alone.
  public DownloadOptions withOnlyFrom(List<ProviderPeer> peers) {
    return new DownloadOptions(peers, true, inOrder, patience, prompt, bytesMax);
  }

  /// The same in the order of the DAG.
  public DownloadOptions withInOrder() {
    return new DownloadOptions(from, onlyFrom, true, patience, prompt, bytesMax);
  }

  /// The same with another patience.
  public DownloadOptions withPatience(Duration longest) {
    return new DownloadOptions(from, onlyFrom, inOrder, longest, prompt, bytesMax);
  }

  /// The same, ending as soon as nobody has it.
  public DownloadOptions withPrompt() {
    return new DownloadOptions(from, onlyFrom, inOrder, patience, true, bytesMax);
  }

  /// The same with another limit on size.
  public DownloadOptions withBytesMax(long most) {
    return new DownloadOptions(from, onlyFrom, inOrder, patience, prompt, most);
  }
}
