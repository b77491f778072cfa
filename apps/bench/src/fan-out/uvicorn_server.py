"""A peer of the benchmarks: FastAPI under uvicorn, a list of sockets, and one awaited send_json after the other.

usage: uvicorn_server.py PORT EVENT, the event as JSON; GET /round?ms=…&burst=… broadcasts for so long and answers what it came to.
"""

import asyncio
import json
import sys
import time

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
players = []
port, update = int(sys.argv[1]), json.loads(sys.argv[2])


@app.websocket("/")
async def follow(socket: WebSocket):
    await socket.accept()
    players.append(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        players.remove(socket)


async def broadcast(message):
    gone = []
    for player in players:
        try:
            await player.send_json(message)
        except Exception:
            gone.append(player)
    for player in gone:
        players.remove(player)


@app.get("/round")
async def measure(ms: int, burst: int):
    began, cpu = time.perf_counter(), time.process_time()
    deliveries = 0
    while (time.perf_counter() - began) * 1000 < ms:
        for _ in range(burst):
            await broadcast(update)
            deliveries += len(players)
        # uvloop keeps what is written until the next turn of its loop; events come one by one.
        await asyncio.sleep(0)
    return {
        "deliveries": deliveries,
        "wallMs": (time.perf_counter() - began) * 1000,
        "cpuMs": (time.process_time() - cpu) * 1000,
    }


uvicorn.run(
    app,
    host="127.0.0.1",
    port=port,
    loop="uvloop",
    ws="websockets",
    ws_ping_interval=None,
    log_level="error",
    access_log=False,
)
