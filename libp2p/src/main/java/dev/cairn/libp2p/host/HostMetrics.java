package dev.cairn.libp2p.host;

/// Counts since the host started, and gauges of now.
///
/// @param connectionsInbound open connections that the other side dialled
/// @param connectionsOutbound open connections that this host dialled
/// @param negotiating inbound connections that are being upgraded now
/// @param streams open streams, both directions
/// @param connectionsOpened connections ever upgraded
/// @param streamsOpened streams ever opened, both directions
/// @param bytesRead bytes read from transports
/// @param bytesWritten bytes written to transports
/// @param dials addresses dialled
/// @param dialsFailed of those, the ones that gave no connection
/// @param upgradesFailed inbound connections that failed in the upgrade
/// @param connectionsRefused inbound connections closed because of a limit, before any handshake
/// @param connectionsPruned connections closed to get below the high water
/// @param streamsRefused inbound streams reset because of a limit or an unknown protocol
/// @param handlersFailed handlers that ended with an exception
public record HostMetrics(
    long connectionsInbound,
    long connectionsOutbound,
    long negotiating,
    long streams,
    long connectionsOpened,
    long streamsOpened,
    long bytesRead,
    long bytesWritten,
    long dials,
    long dialsFailed,
    long upgradesFailed,
    long connectionsRefused,
    long connectionsPruned,
    long streamsRefused,
    long handlersFailed) {}
