//! The echo server a good tokio programmer writes, on the current-thread runtime.
//!
//! Built by the bench without a network, from the crates that Debian's librust-tokio-dev installs.

use std::{env, io};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const BUFFER_BYTES: usize = 16 * 1024;
const BACKLOG: u32 = 4096;

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..n]).await?;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let port = env::args().nth(1).unwrap_or_else(|| "0".into());
    let socket = TcpSocket::new_v4()?;
    socket.bind(format!("127.0.0.1:{port}").parse().expect("a port"))?;
    let listener = socket.listen(BACKLOG)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(echo(stream));
    }
}
