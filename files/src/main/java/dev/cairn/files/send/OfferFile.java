package dev.cairn.files.send;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// A list of offers on disk, replaced as a whole: an offer is a few hundred bytes, and there are at
/// most a few hundred of them.
///
/// @param file one array of offers, DAG-CBOR
record OfferFile<T>(Path file, BiConsumer<T, CborWriter> writer, Function<CborReader, T> reader) {

  private static final long BYTES_MAX = 8L << 20;

  /// @throws StoreException when the file is damaged or cannot be read
  List<T> load() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw StoreException.damaged(file, "it has over " + BYTES_MAX + " bytes");
      }
      CborReader cbor = new CborReader(Files.readAllBytes(file));
      int count = cbor.array();
      List<T> offers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        offers.add(reader.apply(cbor));
      }
      cbor.end();
      return offers;
    } catch (MalformedException e) {
      throw StoreException.damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  /// Durable on return.
  void save(List<T> offers) {
    CborWriter cbor = new CborWriter().array(offers.size());
    offers.forEach(o -> writer.accept(o, cbor));
    DurableFiles.replace(file, cbor.toBytes());
  }
}
