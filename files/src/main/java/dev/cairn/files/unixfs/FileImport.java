package dev.cairn.files.unixfs;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.InPlace;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/// Makes the blocks of one file from its content, in order.
///
/// The calling thread reads; the leaves' hashes and writes, most of the work, run on a pool. At
/// most [#LEAVES_IN_FLIGHT] leaves are in memory, so a file of any size takes a few MiB. A file of
/// one chunk never leaves the calling thread.
final class FileImport {

  static final int LEAVES_IN_FLIGHT = 8;

  private static final int START_BYTES = 8 << 10;

  private final Profile profile;
  private final BlockOutput output;
  private final ExecutorService workers;
  private final BlockArrays arrays;
  private final LongConsumer progress;

  /// The file that the content is left in, if it is.
  private final Optional<Path> place;

  private final Deque<Future<Part>> inFlight = new ArrayDeque<>();

  FileImport(
      Profile profile,
      BlockOutput output,
      ExecutorService workers,
      BlockArrays arrays,
      LongConsumer progress,
      Optional<Path> place) {
    this.profile = profile;
    this.output = output;
    this.workers = workers;
    this.arrays = arrays;
    this.progress = progress;
    this.place = place;
  }

  Part read(InputStream in) throws IOException {
    byte[] first = chunk(in);
    if (first.length < profile.chunkBytes()) {
      return small(first);
    }
    BalancedTree tree = new BalancedTree(profile, output);
    try {
      long offset = 0;
      for (byte[] chunk = first; chunk.length > 0; chunk = chunk(in)) {
        byte[] content = chunk;
        long at = offset;
        inFlight.add(workers.submit(() -> large(content, at)));
        offset += chunk.length;
        while (inFlight.size() >= LEAVES_IN_FLIGHT || isHeadDone()) {
          tree.add(take());
        }
      }
      while (!inFlight.isEmpty()) {
        tree.add(take());
      }
    } finally {
      abandon();
    }
    return tree.finish();
  }

  private boolean isHeadDone() {
    Future<Part> head = inFlight.peek();
    return head != null && head.isDone();
  }

  /// As many bytes as a leaf holds, fewer only at the end.
  private byte[] chunk(InputStream in) throws IOException {
    // Most files of a folder are small, and clearing a whole chunk for each costs more than all
    // else.
    byte[] start = new byte[Math.min(START_BYTES, profile.chunkBytes())];
    int length = in.readNBytes(start, 0, start.length);
    if (length < start.length) {
      return Arrays.copyOf(start, length);
    }
    byte[] chunk = arrays.take(profile.chunkBytes());
    System.arraycopy(start, 0, chunk, 0, length);
    length += in.readNBytes(chunk, length, chunk.length - length);
    if (length == chunk.length) {
      return chunk;
    }
    byte[] last = Arrays.copyOf(chunk, length);
    arrays.give(chunk);
    return last;
  }

  private Block leaf(byte[] content) {
    return profile.rawLeaves()
        ? Block.of(Cid.RAW, content)
        : output.block(PbNode.of(List.of(), UnixFsData.leaf(content).encode()));
  }

  private Part small(byte[] content) {
    Block block = leaf(content);
    // Nothing is saved by leaving nothing in place.
    if (place.isPresent() && content.length > 0) {
      output.put(new InPlace(block, place.get(), 0));
    } else {
      output.put(block);
    }
    progress.accept(content.length);
    return new Part(block.cid(), content.length, block.size());
  }

  private Part large(byte[] content, long offset) {
    Block block = leaf(content);
    if (place.isPresent()) {
      output.putLeaf(new InPlace(block, place.get(), offset));
    } else {
      output.putLeaf(block);
    }
    progress.accept(content.length);
    Part part = new Part(block.cid(), content.length, block.size());
    arrays.give(content);
    return part;
  }

  private Part take() throws IOException {
    try {
      Part part = inFlight.remove().get();
      output.counted();
      return part;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the import was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IOException("a block could not be made: " + e.getMessage(), e);
    }
  }

  /// After a failure: nothing goes on in the background when the caller hears of it.
  private void abandon() {
    for (Future<Part> leaf : inFlight) {
      leaf.cancel(false);
    }
    boolean interrupted = false;
    while (!inFlight.isEmpty()) {
      Future<Part> leaf = inFlight.element();
      try {
        if (!leaf.isCancelled()) {
          leaf.get();
        }
        inFlight.remove();
      } catch (ExecutionException e) {
        inFlight.remove(); // the first failure is the one that is told
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
