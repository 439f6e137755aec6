# The same room with Flask-SocketIO on eventlet, its fastest server in Debian. Started with the port to listen on.
import sys

import eventlet

eventlet.monkey_patch()

from flask import Flask
from flask_socketio import SocketIO, emit, join_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet")


@socketio.on("hello", namespace="/devices")
def hello(said):
    for room in said["rooms"]:
        join_room(room)
    emit("welcome", {})


@socketio.on("message", namespace="/devices")
def message(text):
    emit("message", text, to="bench", include_self=False)


socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]))
